package io.godwit.site.group;

import io.godwit.api.MechanismReport;
import io.godwit.api.ObjectiveWish;
import io.godwit.api.ReplicationMode;
import io.godwit.core.GodwitException;
import io.godwit.replication.ReplicationStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/** Sees to it that what protects a group follows what is asked for, when the facts change: a slower link, a machine that writes more. */
record MechanismWatch(GroupAgent agent) {
    private static final Logger LOG = System.getLogger(MechanismWatch.class.getName());
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int REVIEW_EVERY_LOOKS = 30;

    void start() {
        Thread.ofVirtual().name("mechanism-" + agent.name()).start(this::run);
    }

    private void run() {
        try {
            for (int looks = 1; !agent.left(); looks++) {
                Thread.sleep(LOOK);
                Optional<ObjectiveWish> objective = agent.record().definition().objective();
                if (looks % REVIEW_EVERY_LOOKS == 0 && objective.isPresent()) {
                    review(objective.get());
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void review(ObjectiveWish objective) throws InterruptedException {
        try {
            if (agent.role() instanceof Serving serving && undisturbed(serving)) {
                new MechanismDesk(agent).review(serving, objective).ifPresent(this::tell);
            }
        } catch (IOException | UncheckedIOException | GodwitException failed) {
            LOG.log(
                    Level.WARNING,
                    "what protects group {0} should change, and can''t now: {1}",
                    agent.name(),
                    failed.getMessage());
        }
    }

    /** What is measured while the other site is away, or the group is being moved, says nothing. */
    private boolean undisturbed(Serving serving) {
        ReplicationStatus replica = serving.replicator().status();
        return agent.mayServe()
                && replica.connected()
                && replica.seeded()
                && agent.move().filter(move -> !move.hasEnded()).isEmpty()
                && !agent.failover().alone();
    }

    private void tell(MechanismDesk.Changed changed) {
        MechanismReport report = changed.report();
        LOG.log(
                Level.INFO,
                "group {0} is protected in another way from now on, since {1}: {2}, {3}; RPO {4} ms, RTO {5} ms{6}",
                agent.name(),
                changed.missedBefore().isEmpty()
                        ? "that does as well for less overhead"
                        : "the former way misses " + String.join("; ", changed.missedBefore()),
                ReplicationMode.word(report.mode()),
                report.checkpoints()
                        .map(wish -> "a checkpoint every %d s"
                                .formatted(wish.everySeconds().orElse(0)))
                        .orElse("no checkpoints"),
                report.rpoMillis(),
                report.rtoMillis(),
                report.missed().isEmpty() ? "" : "; missed: " + String.join("; ", report.missed()));
    }
}
