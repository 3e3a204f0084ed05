package io.godwit.quorum.sim;

import static io.godwit.quorum.sim.Chance.MILLI;

import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.quorum.LeaseWatch;
import io.godwit.quorum.Margins;
import io.godwit.quorum.Ownership;
import io.godwit.quorum.QuorumAnswer;
import io.godwit.quorum.QuorumCommand;
import io.godwit.quorum.Session;
import io.godwit.quorum.TenureEffect;
import io.godwit.quorum.TenureEvent;
import io.godwit.quorum.TenureMachine;
import io.godwit.quorum.TenureState;
import io.godwit.quorum.TenureStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A site: its daemon, which decides; its disks and its edge, which look at the clock; its guests, which outlive the daemon. */
final class Site {
    private final World world;
    private final Node node;
    private final Clock clock;
    private final Margins margins;
    private final Store store;
    private final Follower follower;
    private final Replicas replicas;
    private final Routes routes;
    private final Watcher watcher;
    private final List<Runnable> heldBack = new ArrayList<>();

    private int run;
    private TenureMachine machine;
    private TenureState state = TenureState.Away.UNKNOWING;
    private LeaseWatch watch = LeaseWatch.NOTHING;
    private boolean idle;
    private Optional<Term> owned = Optional.empty();
    private Optional<Term> served = Optional.empty();
    private Optional<Long> diskUntil = Optional.empty();
    private Optional<Long> edgeUntil = Optional.empty();

    Site(World world, Node node, Clock clock, Margins margins) {
        this.world = world;
        this.node = node;
        this.clock = clock;
        this.margins = margins;
        this.store = new Store(world, this);
        this.follower = new Follower(world, this);
        this.replicas = new Replicas(world, this);
        this.routes = new Routes(world, this);
        this.watcher = new Watcher(world, this);
        this.machine = machine();
        node.whenApplied(this::looked);
        begin();
    }

    private TenureMachine machine() {
        Session session = new Session(world.chance().number());
        return new TenureMachine(World.GROUP, node.name(), session, margins);
    }

    SiteName name() {
        return node.name();
    }

    Node node() {
        return node;
    }

    Store store() {
        return store;
    }

    Follower follower() {
        return follower;
    }

    Replicas replicas() {
        return replicas;
    }

    Routes routes() {
        return routes;
    }

    Edge edge() {
        return routes.edge();
    }

    /** Whether the group is this site's by what it has written down; then it follows nobody. */
    boolean owns() {
        return owned.isPresent();
    }

    TenureState state() {
        return state;
    }

    LeaseWatch watch() {
        return watch;
    }

    Margins margins() {
        return margins;
    }

    long now() {
        return clock.read(world.schedule().now());
    }

    /** How much real time passes while this site's clock counts so much. */
    long realNanos(long ownNanos) {
        return clock.realUntil(now() + ownNanos, world.schedule().now());
    }

    /** The term that is served here now. */
    Optional<Term> served() {
        return served;
    }

    boolean mayWrite() {
        boolean trusting = world.mutation() == Mutation.DISKS_TRUST_THE_DAEMON;
        return node.isAlive()
                && served.isPresent()
                && !store.hasFailed()
                && diskUntil.filter(until -> trusting || now() - until < 0).isPresent();
    }

    boolean maySpeak() {
        boolean trusting = world.mutation() == Mutation.EDGES_TRUST_THE_DAEMON;
        return edgeUntil.filter(until -> trusting || now() - until < 0).isPresent();
    }

    /**
     * A clock may jump ahead while its site only owns, and fall behind while it only watches. What has run out is not opened by that: a
     * kernel drops what its timeout is over for.
     */
    void disturbClock(long nanos) {
        boolean owns = state instanceof TenureState.Serving
                && watch.seen().filter(seen -> seen.owner().equals(name())).isPresent();
        boolean onlyWatches = state instanceof TenureState.Away && !mayWrite() && !maySpeak();
        if (node.isAwake() && (nanos > 0 ? owns : onlyWatches)) {
            world.trace(() -> "the clock of %s jumps by %d ms".formatted(name(), nanos / MILLI));
            clock.jump(nanos);
            if (onlyWatches) {
                shut();
            }
        }
    }

    void kill(boolean power) {
        node.kill();
        heldBack.clear();
        replicas.forget();
        follower.hangUp();
        store.crash();
        routes.forget();
        run++;
        served = Optional.empty();
        diskUntil = Optional.empty();
        if (power) {
            edge().losePower();
            edgeUntil = Optional.empty();
        }
    }

    void start() {
        if (node.isAlive()) {
            return;
        }
        Optional<Term> before = ownTerm();
        int kept = Math.max(0, node.applied() - world.chance().below(3));
        node.forgetAfter(kept, world.voters().stateAt(kept));
        node.start();
        machine = machine();
        state = TenureState.Away.UNKNOWING;
        watch = LeaseWatch.NOTHING;
        if (world.mutation() == Mutation.SERVES_UNASKED && before.isPresent()) {
            served = before;
            diskUntil = Optional.of(now() + margins.waitOutNanos(World.LEASE));
        }
        idle = store.hasFailed();
        if (!idle) {
            begin();
            looked();
        }
    }

    /** Whether the daemon could not open what it has of the group, and does nothing about it until it can. */
    boolean isIdle() {
        return idle;
    }

    /** Whether nobody else has the group, by what was agreed on last. */
    boolean isTheOnlyOwner() {
        return world.voters()
                .latest()
                .find(World.GROUP)
                .filter(now -> !now.owner().equals(name()))
                .isEmpty();
    }

    /** The store's disk was replaced: the group is another's, and this site may follow. */
    void takeUpAgain() {
        follower.hangUp();
        replicas.end();
        if (idle && node.isAlive()) {
            owned = Optional.empty();
            idle = false;
            begin();
            looked();
        }
    }

    private Optional<Term> ownTerm() {
        return watch.seen().filter(seen -> seen.owner().equals(name())).map(Ownership::term);
    }

    void pause() {
        node.pause();
    }

    /** What came meanwhile is dealt with now, late. */
    void wake() {
        if (node.isPaused()) {
            node.wake();
            List<Runnable> waiting = List.copyOf(heldBack);
            heldBack.clear();
            waiting.forEach(Runnable::run);
        }
    }

    /** Something that this run of the daemon does later; if it is paused then, later still; if it was killed, never. */
    void later(long nanos, Runnable what) {
        int of = run;
        world.schedule().in(nanos, () -> now(of, what));
    }

    /** A message has come, for whichever run of the daemon there is. */
    void receive(Runnable what) {
        now(run, what);
    }

    private void now(int of, Runnable what) {
        if (of != run || !node.isAlive()) {
            return;
        }
        if (node.isPaused()) {
            heldBack.add(() -> now(of, what));
        } else {
            what.run();
        }
    }

    private void begin() {
        later(0, this::tick);
        routes.start();
        later(world.chance().between(0, 200 * MILLI), watcher::watch);
        later(world.chance().between(0, 200 * MILLI), replicas::write);
    }

    private void tick() {
        enter(new TenureEvent.Tick());
        long wait = clock.realUntil(
                machine.wakeNanos(state, now()), world.schedule().now());
        long late = world.chance().happens(0.02)
                ? world.chance().scaled(MILLI, 400 * MILLI)
                : world.chance().between(0, 2 * MILLI);
        later(Math.max(0, wait) + late, this::tick);
    }

    private void looked() {
        if (idle) {
            return;
        }
        Optional<Ownership> standing = node.state().find(World.GROUP);
        watch = watch.looked(standing, now());
        standing.ifPresent(seen -> enter(new TenureEvent.Seen(seen)));
    }

    void enter(TenureEvent event) {
        TenureState before = state;
        TenureStep step = machine.next(state, event, now());
        state = step.state();
        if (!before.getClass().equals(state.getClass())) {
            world.trace(() -> "%s: %s after %s".formatted(name(), state, event));
        }
        step.effects().forEach(this::take);
    }

    private void take(TenureEffect effect) {
        switch (effect) {
            case TenureEffect.Begin(Ownership begun) -> replicas.begun(begun);
            case TenureEffect.Submit(QuorumCommand command) -> submit(command);
            case TenureEffect.Allow(Term term, long until) -> {
                diskUntil = Optional.of(until);
                edgeUntil = Optional.of(until);
            }
            case TenureEffect.Serve(Term term) -> serve(term);
            case TenureEffect.Stop stop -> stop();
            case TenureEffect.Fence(Ownership now) -> giveWay(now);
        }
    }

    private void submit(QuorumCommand command) {
        long sent = now();
        int of = run;
        replicas.send(
                command,
                () -> world.voters().submit(node, command, answer -> now(of, () -> answered(command, answer, sent))));
    }

    private void answered(QuorumCommand command, QuorumAnswer answer, long sent) {
        replicas.answered(command, answer);
        enter(new TenureEvent.Answered(command, answer));
        if (world.mutation() == Mutation.LEASE_FROM_ANSWER && answer instanceof QuorumAnswer.Granted) {
            diskUntil = diskUntil.map(until -> until + now() - sent);
            edgeUntil = edgeUntil.map(until -> until + now() - sent);
        }
    }

    private void serve(Term term) {
        if (served.filter(term::equals).isEmpty()) {
            boolean takenOver = owned.filter(term::equals).isEmpty() && !term.equals(World.FIRST);
            owned = Optional.of(term);
            follower.hangUp();
            replicas.begin(term);
            routes.activate(takenOver);
        }
        served = Optional.of(term);
        world.trace(() -> "%s serves term %s".formatted(name(), term));
    }

    private void stop() {
        if (world.mutation() == Mutation.PARTS_BEFORE_STOPPING) {
            later(0, () -> enter(new TenureEvent.Stopped()));
            later(800 * MILLI, this::close);
            return;
        }
        close();
        later(world.chance().scaled(MILLI, 400 * MILLI), () -> enter(new TenureEvent.Stopped()));
    }

    /** Nothing is served here from now on; a moment later the site follows the new owner. */
    private void giveWay(Ownership now) {
        close();
        later(world.chance().scaled(MILLI, 400 * MILLI), () -> {
            if (owned.filter(old -> old.isOlderThan(now.term())).isPresent()) {
                owned = Optional.empty();
                replicas.end();
                routes.giveWay(now.owner());
            }
        });
    }

    private void close() {
        served = Optional.empty();
        shut();
    }

    private void shut() {
        diskUntil = Optional.empty();
        edgeUntil = Optional.empty();
    }
}
