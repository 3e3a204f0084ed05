package io.godwit.site.group;

import io.godwit.api.FailoverReport;
import io.godwit.api.FailoverReport.Outcome;
import io.godwit.api.PointWish;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.migration.FailoverCourse;
import io.godwit.migration.FailoverState;
import io.godwit.migration.Standing;
import io.godwit.site.files.SavedFailover;
import io.godwit.site.peer.PeerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes a group over whose owner is lost, when somebody has decided so: says what it would mean, refuses what can't be right,
 * and follows through what was begun, also after a restart.
 */
public final class GroupFailover {
    private static final Logger LOG = System.getLogger(GroupFailover.class.getName());

    private final GroupAgent agent;
    private volatile @Nullable FailoverCourse course;
    private volatile @Nullable FailoverMeasures measures;
    private volatile @Nullable Thread thread;

    GroupFailover(GroupAgent agent) {
        this.agent = agent;
    }

    /** The state of the last one that was decided here, if there was one. */
    public Optional<FailoverState> state() {
        return Optional.ofNullable(course).map(FailoverCourse::state);
    }

    /** Whether the former owner has not been heard of since the group was taken over. */
    boolean alone() {
        return state().filter(state -> !state.ended()).isPresent();
    }

    /** What would be done, and what speaks against it; changes nothing. */
    public FailoverReport propose(Optional<SiteName> to, Optional<PointWish> at) throws IOException {
        requireHere(to);
        return FailoverSurvey.of(agent, at).report(agent, Outcome.PROPOSED);
    }

    /** Does it, as an operator says, unless it was begun already; returns when the machines run here and their addresses are announced, or nothing was changed. */
    public FailoverReport failOver(Optional<SiteName> to, Optional<PointWish> at, boolean acceptLoss)
            throws IOException, InterruptedException {
        requireHere(to);
        if (!alone()) {
            if (agent.tenancy().isPresent()) {
                new OperatorsClaim(agent, agent.tenancy().get()).make(at, acceptLoss);
            } else {
                begin(FailoverOrder.byOperator(at, acceptLoss));
            }
        }
        return awaitService();
    }

    private void requireHere(Optional<SiteName> to) {
        if (to.isPresent() && !to.get().equals(agent.site().name())) {
            throw GroupAgent.refusal("this is site %s: ask site %s to take group %s over"
                    .formatted(agent.site().name(), to.get(), agent.name()));
        }
    }

    /** Begins to carry out a decision, once nothing speaks against it; whoever decides may be a quorum. */
    public void begin(FailoverOrder order) throws IOException, InterruptedException {
        FailoverSurvey.of(agent, order.at()).requireFit(agent, order.acceptLoss());
        Term term = order.term().orElseGet(this::nextTerm);
        if (!order.fenced()) {
            requireLost(term);
        }
        agent.failoverTrial().endAny("a failover is meant");
        agent.changing().lock();
        agent.memory().standby().freeze();
        boolean started = false;
        try {
            FailoverSurvey survey = FailoverSurvey.of(agent, order.at());
            survey.requireFit(agent, order.acceptLoss());
            if (!agent.standing().term().isOlderThan(term)) {
                throw GroupAgent.refusal("term %s is not newer than %s, which is known here"
                        .formatted(term, agent.standing().term()));
            }
            if (state().filter(FailoverState::underWay).isPresent()) {
                throw GroupAgent.refusal("a failover of group %s is under way already".formatted(agent.name()));
            }
            FailoverMeasures begun = FailoverMeasures.begin(survey.report(agent, Outcome.UNDER_WAY));
            Optional<Position> at = survey.goBackTo();
            start(begun, new FailoverState.Deciding(term, at), following -> following.run(term, at));
            started = true;
        } finally {
            if (!started) {
                agent.memory().standby().thaw();
            }
            agent.changing().unlock();
        }
    }

    private Term nextTerm() {
        return Standing.takingOver(
                agent.standing().term(),
                agent.record().home().equals(agent.site().name()));
    }

    /**
     * The owner must not be running the group. If it answers, it is asked to give way first: then nobody needs to vouch
     * for anything. Who owns the group then, if this site stops here, is for an operator to decide again.
     */
    private void requireLost(Term term) {
        Optional<Standing> theirs = ask(agent.standing());
        if (theirs.isEmpty()) {
            return;
        }
        if (theirs.get().serving()) {
            throw GroupAgent.refusal(
                    "site %s answers, and runs group %s: ask it to move the group ('godwit migrate %s --to %s')"
                            .formatted(
                                    agent.peer(),
                                    agent.name(),
                                    agent.name(),
                                    agent.site().name()));
        }
        boolean gaveWay = ask(new Standing(agent.site().name(), term, false))
                .filter(now -> now.owner().equals(agent.site().name()))
                .isPresent();
        if (!gaveWay) {
            throw GroupAgent.refusal("site %s answers, and does not give group %s up: stop its daemon first"
                    .formatted(agent.peer(), agent.name()));
        }
    }

    private Optional<Standing> ask(Standing ours) {
        return agent.watch().askApart(new PeerRequest.Greet(agent.name(), ours, Optional.empty()));
    }

    /** Goes on with what an earlier daemon had begun. */
    void resume() {
        Optional<SavedFailover> saved = agent.files().failover();
        if (saved.isPresent() && !saved.get().state().ended()) {
            start(FailoverMeasures.recall(saved.get()), saved.get().state(), FailoverCourse::resume);
        }
    }

    private interface Way {
        void run(FailoverCourse course) throws InterruptedException;
    }

    private void start(FailoverMeasures measuring, FailoverState state, Way way) {
        FailoverActs acts = new FailoverActs(agent, measuring);
        FailoverCourse begun = new FailoverCourse(agent.name(), state, acts, next -> persist(next, measuring));
        measures = measuring;
        course = begun;
        thread = Thread.ofPlatform().daemon().name("failover-" + agent.name()).start(() -> {
            try {
                acts.standBack(state);
                way.run(begun);
                if (begun.state() instanceof FailoverState.GivenUp) {
                    agent.memory().standby().thaw();
                }
            } catch (InterruptedException stopped) {
                LOG.log(Level.DEBUG, "the site is stopping", stopped);
            } catch (IOException | RuntimeException broken) {
                LOG.log(
                        Level.ERROR,
                        "the failover of " + agent.name() + " stands still until the daemon is restarted",
                        broken);
            } finally {
                measuring.end();
            }
        });
    }

    private void persist(FailoverState state, FailoverMeasures measuring) {
        measuring.entered(state);
        agent.files().save(new SavedFailover(state, measuring.beganEpochMillis(), measuring.report()));
    }

    private FailoverReport awaitService() throws InterruptedException {
        FailoverMeasures now = measures;
        if (now == null) {
            throw new IllegalStateException("no failover was begun");
        }
        FailoverReport report = now.awaitService();
        if (report.outcome() == Outcome.GIVEN_UP) {
            throw new GodwitException(
                    ErrorCode.FAILED,
                    "group %s was not taken over, and nothing was changed: %s"
                            .formatted(agent.name(), report.reason().orElse("unknown")));
        }
        return report;
    }

    /** Stops where it is; the next daemon goes on. */
    void leave() {
        Thread running = thread;
        FailoverMeasures now = measures;
        FailoverCourse under = course;
        if (running != null && now != null && under != null) {
            under.stop();
            now.leave();
            try {
                running.join();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static UncheckedIOException unchecked(IOException failed) {
        return new UncheckedIOException(String.valueOf(failed.getMessage()), failed);
    }
}
