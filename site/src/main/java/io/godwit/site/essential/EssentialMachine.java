package io.godwit.site.essential;

import io.godwit.api.EssentialReport;
import io.godwit.api.EssentialState;
import io.godwit.api.GroupStatus;
import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.VmName;
import io.godwit.hypervisor.Qemu;
import io.godwit.hypervisor.VmState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Saves the essential state of one machine while it runs here, and gives it back when the machine was booted. Before that nothing is saved, for a service
 * that has just begun has nothing worth keeping.
 */
final class EssentialMachine {
    private static final Logger LOG = System.getLogger(EssentialMachine.class.getName());
    private static final String NO_AGENT = "its guest agent doesn't listen";
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    private final VmName name;
    private volatile EssentialState wish;
    private final StateSlots slots;
    private final EssentialKeeping group;
    private final ReentrantLock working = new ReentrantLock();
    private volatile Optional<SavedState> known = Optional.empty();
    private volatile Optional<Instant> checked = Optional.empty();
    private volatile String trouble = "";
    private volatile boolean ended;
    private volatile long nextNanos = System.nanoTime();

    EssentialMachine(VmName name, EssentialState wish, StateSlots slots, EssentialKeeping group) {
        this.name = name;
        this.wish = wish;
        this.slots = slots;
        this.group = group;
    }

    VmName name() {
        return name;
    }

    /** It is saved, or given back, like this from now on: at once, however long the next time was to be waited for. */
    void follow(EssentialState changed) {
        if (!changed.equals(wish)) {
            wish = changed;
            nextNanos = System.nanoTime();
        }
    }

    void start() {
        Thread.ofVirtual().name("essential-" + name).start(this::run);
    }

    /** Lets what is under way come to its end: a thread that may be writing to the log is never interrupted. */
    void end() {
        ended = true;
    }

    private void run() {
        readSaved();
        while (!ended) {
            if (System.nanoTime() - nextNanos >= 0) {
                attempt();
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /** So that it is told of before the machine's agent listens. */
    private void readSaved() {
        working.lock();
        try {
            known = slots.read();
        } catch (IOException | UncheckedIOException | GodwitException failed) {
            tellOnce(String.valueOf(failed.getMessage()));
        } finally {
            working.unlock();
        }
    }

    private void attempt() {
        try {
            Optional<Qemu> machine = group.guests().running(name).filter(EssentialMachine::runs);
            if (machine.isPresent() && !machine.get().hasAgent()) {
                trouble = NO_AGENT;
            } else if (machine.isPresent()) {
                Duration pause =
                        blank() ? giveBack(machine.get()) : save(machine.get()).pause();
                trouble = "";
                nextNanos = System.nanoTime() + pause.toNanos();
            }
        } catch (IOException | UncheckedIOException | GodwitException | InterruptedException failed) {
            // Nobody interrupts this thread: a disk that isn't served any more ends those who wait for it like that.
            tellOnce(String.valueOf(failed.getMessage()));
            nextNanos = System.nanoTime() + AFTER_FAILURE.toNanos();
        }
    }

    private static boolean runs(Qemu machine) {
        return machine.state() == VmState.RUNNING;
    }

    private void tellOnce(String sentence) {
        if (!ended && !sentence.equals(trouble)) {
            LOG.log(
                    Level.WARNING,
                    "the essential state of machine {0} of group {1} is not {2}: {3}",
                    name,
                    group.name(),
                    blank() ? "given back" : "saved",
                    sentence);
        }
        trouble = sentence;
    }

    /** Whether the machine was booted, and hasn't got its state yet. */
    boolean blank() {
        return group.guests().blankness().of(name);
    }

    private Duration giveBack(Qemu machine) throws IOException, InterruptedException {
        working.lock();
        try {
            known = slots.read();
            if (known.isPresent()) {
                machine.agent().give(wish.importing(), known.get().content(), wish.within());
                LOG.log(
                        Level.INFO,
                        "machine {0} of group {1} has its essential state back, as of {2}",
                        name,
                        group.name(),
                        known.get().time());
            }
            requireSame(machine);
            group.guests().blankness().forget(name);
            return known.isPresent() ? wish.period() : Duration.ZERO;
        } finally {
            working.unlock();
        }
    }

    private void requireSame(Qemu machine) {
        if (!group.guests().isRunning(name, machine)) {
            throw new GodwitException(ErrorCode.CONFLICT, "the machine has ended meanwhile");
        }
    }

    private record Saved(EssentialReport report, Position position, Duration pause) {}

    private Saved save(Qemu machine) throws IOException, InterruptedException {
        working.lock();
        try {
            Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            ByteBuffer content = machine.agent().take(wish.exporting(), wish.within());
            requireSame(machine);
            if (blank()) {
                throw new GodwitException(ErrorCode.CONFLICT, "the machine has restarted meanwhile");
            }
            known = slots.read();
            boolean changed =
                    known.filter(last -> last.content().equals(content)).isEmpty();
            Position position = group.head();
            if (changed) {
                group.rule().admit(content.remaining());
                position = group.chronicle().grow(() -> {
                    known = Optional.of(slots.write(known, now, content));
                    return group.head();
                });
                group.awaitDurable(position);
            }
            checked = Optional.of(now);
            return new Saved(
                    new EssentialReport(name, new ByteCount(content.remaining()), changed, now),
                    position,
                    wish.period());
        } finally {
            working.unlock();
        }
    }

    /**
     * Saves it now; it is as safe as the group's mode promises when this returns.
     *
     * @throws GodwitException CONFLICT if the machine doesn't run, or waits for its state; FAILED if the command in it fails
     */
    EssentialReport saveNow() throws IOException, InterruptedException {
        Qemu machine = group.guests()
                .running(name)
                .filter(EssentialMachine::runs)
                .orElseThrow(
                        () -> new GodwitException(ErrorCode.CONFLICT, "machine %s does not run now".formatted(name)));
        if (!machine.hasAgent()) {
            throw new GodwitException(ErrorCode.CONFLICT, "machine %s: %s".formatted(name, NO_AGENT));
        }
        group.requireGiven();
        Saved saved = save(machine);
        trouble = "";
        group.rule().awaitSafe(saved.position());
        return saved.report();
    }

    GroupStatus.Essential status() {
        return new GroupStatus.Essential(
                known.map(SavedState::time),
                known.map(state -> new ByteCount(state.content().remaining())).orElse(ByteCount.ZERO),
                checked,
                blank(),
                Optional.of(trouble).filter(sentence -> !sentence.isEmpty()));
    }
}
