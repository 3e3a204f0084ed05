package io.godwit.site.move;

import io.godwit.api.MoveOptions;
import io.godwit.api.MoveProgress;
import io.godwit.api.MoveReport;
import io.godwit.migration.MoveCoordinator;
import io.godwit.migration.MoveMachine;
import io.godwit.migration.MoveRecord;
import io.godwit.migration.PauseBudget;
import io.godwit.migration.Phase;
import io.godwit.replication.ReplicationStatus;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A move away from this site: its coordinator at work, what can be seen of it, and in the end its report. */
public final class ActiveMove {
    private static final Logger LOG = System.getLogger(ActiveMove.class.getName());

    /** How long a rehearsed move stays in the phase in which something is to fail. */
    static final Duration LINGER = Duration.ofSeconds(1);

    private static final Duration WATCH = Duration.ofMillis(100);

    private final MoveSetting setting;
    private final MoveOptions options;
    private final MoveMeasures measures;
    private final MemoryTransfer memory;
    private final MoveCoordinator coordinator;
    private final RateMeter rate = new RateMeter();
    private final OutgoingMove port;
    private final CountDownLatch ended = new CountDownLatch(1);

    private ActiveMove(MoveSetting setting, MoveRecord move, MoveOptions options, MoveMeasures measures) {
        this.setting = setting;
        this.options = options;
        this.measures = measures;
        this.memory = new MemoryTransfer(setting, measures);
        this.port = new OutgoingMove(setting, move, options, measures, memory);
        this.coordinator =
                new MoveCoordinator(move, new MoveMachine(PauseBudget.DEFAULT), port, this::persist, this::entered);
    }

    /** Begins a move and returns at once. */
    public static ActiveMove begin(MoveSetting setting, MoveRecord move, MoveOptions options) {
        ActiveMove active = new ActiveMove(setting, move, options, new MoveMeasures(Clock.systemUTC()));
        active.start(active.coordinator::run);
        Thread.ofVirtual().name("move-link-watch").start(active::watchLink);
        return active;
    }

    /** Takes up, or undoes, a move that an earlier daemon had begun. */
    public static ActiveMove resume(MoveSetting setting, SavedMove saved) {
        ActiveMove active =
                new ActiveMove(setting, saved.move(), saved.options(), new MoveMeasures(Clock.systemUTC(), saved));
        active.port.recall(saved);
        active.measures.moment("daemon restarted");
        active.start(active.coordinator::resume);
        return active;
    }

    private interface Course {
        MoveRecord run() throws InterruptedException;
    }

    private void start(Course course) {
        Thread.ofPlatform().name("move-" + setting.record().name()).start(() -> {
            try {
                MoveRecord last = course.run();
                LOG.log(Level.INFO, "move of {0} ended: {1}", last.group(), last.state());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException broken) {
                LOG.log(
                        Level.ERROR,
                        "the move of " + setting.record().name() + " stands still until the daemon is restarted",
                        broken);
            } finally {
                memory.release();
                ended.countDown();
            }
        });
    }

    private void persist(MoveRecord move) {
        measures.entered(move.state().phase());
        setting.files()
                .save(new SavedMove(
                        move, options, measures.beganEpochMillis(), port.targetUnderlay(), measures.report(move)));
    }

    private void entered(MoveRecord move) throws InterruptedException {
        Phase phase = move.state().phase();
        measures.entered(phase);
        if (phase != Phase.FINAL && options.linger().equals(Optional.of(phase.word()))) {
            Thread.sleep(LINGER);
        }
    }

    /** A move that can't go on gives up at once rather than hold up the service's writes. */
    private void watchLink() {
        try {
            while (!ended.await(WATCH.toMillis(), TimeUnit.MILLISECONDS)) {
                if (!replication().connected()) {
                    coordinator.fail("the link to %s was lost"
                            .formatted(coordinator.move().to()));
                    return;
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private ReplicationStatus replication() {
        return setting.requireServing().replicator().status();
    }

    public MoveRecord move() {
        return coordinator.move();
    }

    public Phase phase() {
        return move().state().phase();
    }

    /** Takes the move back if that is still possible. */
    public void fail(String reason) {
        coordinator.fail(reason);
    }

    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        return ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    public boolean hasEnded() {
        return ended.getCount() == 0;
    }

    public MoveReport report() {
        return measures.report(move());
    }

    public MoveProgress progress() {
        long disks = 0;
        long pending = 0;
        if (setting.serving().isPresent() && phase().compareTo(Phase.COMMITTED) < 0) {
            ReplicationStatus status = replication();
            disks = status.wanBytes();
            pending = status.lagBytes().bytes();
        }
        long wan = memory.wireBytes() + disks;
        return new MoveProgress(
                setting.record().name(),
                phase().word(),
                measures.elapsedMillis(),
                memory.rounds(),
                memory.wireBytes(),
                rate.perSecond(wan, System.nanoTime()),
                pending,
                millisLeft(),
                note());
    }

    /** In the first round, which takes the most time, what is left of it at the pace so far. */
    private OptionalLong millisLeft() {
        double done = memory.fraction();
        if (phase() != Phase.IMMINENT || memory.rounds() != 1 || done < 0.02) {
            return OptionalLong.empty();
        }
        return OptionalLong.of((long) (measures.elapsedMillis() * (1 - done) / done));
    }

    private String note() {
        return switch (phase()) {
            case IMMINENT -> "server, storage and network prepare; memory is copied while the guest runs";
            case DRAIN -> "pending writes are on their way";
            case SYNCHRONOUS -> "every flush now waits for both sites";
            case PRECOPY -> "memory that changed is copied again";
            case FINAL -> "traffic is diverted and the guest stands still";
            case OFFERED -> "the other site decides";
            case COMMITTED -> "the guest runs at the other site; routes follow";
            case COMPLETED -> "done";
            case ABORTING -> "everything is put back";
            case ABORTED -> "the guest goes on where it was";
        };
    }
}
