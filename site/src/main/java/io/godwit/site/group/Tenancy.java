package io.godwit.site.group;

import io.godwit.api.GroupStatus;
import io.godwit.api.PointWish;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.migration.FailoverState;
import io.godwit.migration.Standing;
import io.godwit.migration.Standing.Verdict;
import io.godwit.network.InterfaceName;
import io.godwit.network.ServicePort;
import io.godwit.quorum.Ownership;
import io.godwit.quorum.QuorumCommand.Rate;
import io.godwit.quorum.Readiness;
import io.godwit.quorum.TenureEvent;
import io.godwit.quorum.TenureState;
import io.godwit.site.disks.Ratings;
import io.godwit.site.files.GroupRecord;
import io.godwit.site.guests.Ports;
import io.godwit.site.tenure.TenureDriver;
import io.godwit.site.tenure.TenureDuties;
import io.godwit.site.tenure.Tenures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What the voters' decisions on a group mean at this site: when it is served, stopped, or left to another site. */
public final class Tenancy implements TenureDuties {
    private static final Logger LOG = System.getLogger(Tenancy.class.getName());
    private static final Duration AGAIN = Duration.ofMillis(100);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration HALT_PATIENCE = Duration.ofMillis(500);
    private static final Duration REVOKE_PATIENCE = Duration.ofMillis(200);
    private static final Duration OFFER_PATIENCE = Duration.ofSeconds(2);
    private static final Duration ACCEPT_PATIENCE = Duration.ofSeconds(3);
    private static final Duration GO_ON_PATIENCE = Duration.ofSeconds(5);
    private static final Duration WISH_AGAIN = Duration.ofMillis(50);
    private static final Duration LOOK = Duration.ofMillis(1);

    private final GroupAgent agent;
    private final Tenures tenures;
    private final List<InterfaceName> taps;
    private final TenureDriver driver;
    private final Ratings ratings;
    private final TenureWatch watch;
    private volatile Optional<PointWish> point = Optional.empty();
    private volatile Optional<Term> accepted = Optional.empty();

    private Tenancy(GroupAgent agent, Tenures tenures) {
        this.agent = agent;
        this.tenures = tenures;
        this.taps = new Ports(agent.site().edge(), agent.record().definition())
                .all().stream().map(ServicePort::tap).toList();
        this.driver = tenures.prepare(agent.name(), agent.record().definition().lease(), agent.lease(), this);
        this.ratings = new Ratings(driver, agent.peer());
        this.watch = new TenureWatch(agent, this);
    }

    /** Begins to do as the voters say. */
    static Tenancy begin(GroupAgent agent, Tenures tenures) {
        Tenancy tenancy = new Tenancy(agent, tenures);
        tenures.ports().govern(tenancy.taps);
        return tenancy;
    }

    /** From here on effects may come; the agent knows this tenancy. */
    void start() {
        tenures.begin(driver);
        watch.start();
    }

    Ratings ratings() {
        return ratings;
    }

    TenureDriver driver() {
        return driver;
    }

    /** Whether this site may serve the group now. */
    boolean serves() {
        return driver.serves();
    }

    /** If this site takes the group over, then at that point. */
    void wishPoint(Optional<PointWish> at) {
        point = at;
    }

    /** How the group stands, as far as this site's own voter knows; empty if it knows of no such group. */
    Optional<Ownership> standing() {
        return tenures.standing(agent.name());
    }

    GroupStatus.Tenure status() {
        return new GroupStatus.Tenure(
                word(driver.state()),
                standing().map(Ownership::term),
                agent.lease().rest().toMillis(),
                agent.lease().sinceAnswer().map(Duration::toMillis),
                standing().map(this::replica),
                watch.finding());
    }

    /** What the voters know of the copy that would take over: this site's own, if another one owns the group. */
    private String replica(Ownership now) {
        SiteName self = agent.site().name();
        return now.standby(now.owner().equals(self) ? agent.peer() : self)
                .name()
                .toLowerCase(Locale.ROOT);
    }

    private static String word(TenureState state) {
        return switch (state) {
            case TenureState.Away away -> "away";
            case TenureState.Asking asking -> "asking";
            case TenureState.Serving serving -> "serving";
            case TenureState.Stopping stopping -> "stopping";
            case TenureState.Lapsed lapsed -> "lapsed";
            case TenureState.Parting parting -> "parting";
            case TenureState.Offered offered -> "offered";
        };
    }

    /** Has the voters decide from now on about a group that is this site's by all that is known. */
    void register() {
        if (standing().isEmpty()) {
            int leaseMillis = (int) agent.record().definition().lease().toMillis();
            driver.enter(new TenureEvent.RegisterWish(agent.record().term(), leaseMillis));
        }
    }

    @Override
    public void allow(long untilNanos) {
        tenures.ports().allow(taps, untilNanos);
    }

    @Override
    public void revoke() {
        tenures.ports().revoke(taps);
    }

    @Override
    public void serve(Term term) throws InterruptedException {
        boolean served = false;
        while (!served && driver.serves(term) && !agent.left()) {
            served = tryToServe(term);
            if (!served) {
                Thread.sleep(AGAIN);
            }
        }
    }

    private boolean tryToServe(Term term) throws InterruptedException {
        try {
            return switch (agent.role()) {
                case Serving serving -> serve(serving, term);
                case Following following -> follow(following, term);
            };
        } catch (IOException | UncheckedIOException | GodwitException failed) {
            LOG.log(
                    Level.ERROR,
                    "group {0} is this site''s in term {1}, and cannot be served yet: {2}",
                    agent.name(),
                    term,
                    failed.getMessage());
            Thread.sleep(AFTER_FAILURE);
            return false;
        }
    }

    /** What a failover or a move under way does by itself is left to it. */
    private boolean serve(Serving serving, Term term) {
        if (agent.failover().state().filter(FailoverState::underWay).isPresent()) {
            return false;
        }
        if (accepted.filter(term::equals).isPresent()) {
            // The move that brought it here does the rest.
            accepted = Optional.empty();
            return true;
        }
        knowTerm(term);
        return agent.upkeep().takeUp(serving);
    }

    /** The term that the voters gave is the group's, if it is newer than what is written down. */
    private void knowTerm(Term term) {
        agent.changing().lock();
        try {
            GroupRecord record = agent.record();
            if (record.owner().equals(agent.site().name()) && record.term().isOlderThan(term)) {
                agent.save(record.ownedBy(agent.site().name(), term));
            }
        } finally {
            agent.changing().unlock();
        }
    }

    private boolean follow(Following following, Term term) throws IOException, InterruptedException {
        if (following.incoming().isPresent()
                || agent.failover().state().filter(FailoverState::underWay).isPresent()) {
            return false;
        }
        agent.failover().begin(new FailoverOrder(Optional.of(term), point, true, true));
        point = Optional.empty();
        return false;
    }

    @Override
    public boolean stop(Term term) throws InterruptedException {
        if (agent.role() instanceof Serving serving) {
            halt(serving);
        }
        return reached(REVOKE_PATIENCE, () -> tenures.ports().isRevoked(taps));
    }

    /** A move stops its machines itself before it has the group offered. */
    private void halt(Serving serving) throws InterruptedException {
        boolean offering = driver.state() instanceof TenureState.Stopping(Term _, long _, TenureState.Aim aim)
                && aim instanceof TenureState.Aim.Part;
        if (!offering) {
            agent.move()
                    .filter(move -> !move.hasEnded())
                    .ifPresent(move -> move.fail("this site's lease of the group ran out"));
            serving.guests().halt(HALT_PATIENCE);
        }
    }

    private static boolean reached(Duration patience, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(LOOK);
        }
        return true;
    }

    /** Refuses unless the group is served here in that term, as the voters say. */
    void requireTenure(Term term) {
        if (!driver.serves(term)) {
            throw GroupAgent.refusal(
                    "group %s can't be moved while its lease of term %s is not renewed".formatted(agent.name(), term));
        }
    }

    /** The machines stand still: from now on nothing is answered here, and that site may take the group. */
    void offer(SiteName to) throws InterruptedException {
        driver.enter(new TenureEvent.OfferWish(to));
        if (!reached(OFFER_PATIENCE, () -> driver.state() instanceof TenureState.Offered)) {
            throw new GodwitException(
                    ErrorCode.UNREACHABLE,
                    "the voters did not hear in time that group %s may change hands".formatted(agent.name()));
        }
    }

    /**
     * Takes what was offered here in that term; returns what stands against it, or nothing. If something does, the offer may still be
     * taken back or taken, whichever the voters hear first.
     */
    String accept(Term term) throws InterruptedException {
        accepted = Optional.of(term);
        long deadline = System.nanoTime() + ACCEPT_PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<Ownership> offered = driver.watch().seen().filter(seen -> isOffered(seen, term));
            if (offered.isPresent() && driver.state() instanceof TenureState.Away) {
                driver.enter(new TenureEvent.AcceptWish(offered.get()));
            }
            if (reached(offered.isPresent() ? WISH_AGAIN : LOOK, () -> driver.serves(term))) {
                return "";
            }
        }
        accepted = Optional.empty();
        return "the voters did not let the group change hands in time";
    }

    private boolean isOffered(Ownership seen, Term term) {
        return seen.standing()
                        .equals(new io.godwit.quorum.Standing.Offered(
                                agent.site().name()))
                && seen.term().next().equals(term);
    }

    /** What was offered is taken back, if nobody has taken it; returns when the group may be served here again, or that takes too long. */
    void goOn() throws InterruptedException {
        long deadline = System.nanoTime() + GO_ON_PATIENCE.toNanos();
        while (!driver.serves()
                && !(driver.state() instanceof TenureState.Away)
                && !agent.left()
                && System.nanoTime() < deadline) {
            withdraw();
            reached(WISH_AGAIN, driver::serves);
        }
    }

    /** The group is no more: nobody is to claim it. */
    void retire() throws InterruptedException {
        driver.enter(new TenureEvent.RetireWish());
        if (driver.state() instanceof TenureState.Away
                || !reached(GO_ON_PATIENCE, () -> driver.state() instanceof TenureState.Away)) {
            LOG.log(
                    Level.WARNING,
                    "group {0}: the voters could not be told that it is no more; another site may claim it",
                    agent.name());
        }
    }

    /** Takes an offer back. */
    void withdraw() {
        boolean parting = driver.state() instanceof TenureState.Offered
                || driver.state() instanceof TenureState.Parting
                || driver.state() instanceof TenureState.Stopping;
        if (parting) {
            driver.enter(new TenureEvent.WithdrawWish());
        }
    }

    @Override
    public void giveWay(Ownership now) throws InterruptedException {
        Standing theirs = new Standing(now.owner(), now.term(), true);
        try {
            agent.succession().giveWay(theirs);
            // A move that was offered ends by itself, when it is known what became of it.
            while (!agent.left() && agent.standing().against(theirs) == Verdict.REPLACED) {
                Thread.sleep(AGAIN);
                agent.succession().giveWay(theirs);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What is said to be complete is so when all that was acknowledged before anybody waited for it is there. */
    @Override
    public boolean stands(Rate rating) throws InterruptedException {
        return rating.readiness() != Readiness.COMPLETE
                || (agent.role() instanceof Serving serving
                        && ratings.complete(
                                serving.replicator(), serving.store().head()));
    }

    /** Lets go of the group; whatever runs is left to its lease. */
    void end() {
        watch.close();
        tenures.end(driver);
    }
}
