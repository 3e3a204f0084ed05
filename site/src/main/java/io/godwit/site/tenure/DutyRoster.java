package io.godwit.site.tenure;

import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Term;
import io.godwit.quorum.Ownership;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** What a group's tenure asks for that takes long, done one after the other on a thread of its own. */
final class DutyRoster implements AutoCloseable {
    private static final Logger LOG = System.getLogger(DutyRoster.class.getName());
    private static final Duration AGAIN = Duration.ofMillis(100);

    sealed interface Duty {
        record Serve(Term term) implements Duty {}

        record Stop(Term term) implements Duty {}

        record GiveWay(Ownership now) implements Duty {}
    }

    private final GroupName group;
    private final TenureDuties duties;
    private final Runnable stopped;
    private final Deque<Duty> wanted = new ArrayDeque<>();
    private final Thread thread;
    private boolean closed;

    /** @param stopped told when what was to be stopped stands still */
    DutyRoster(GroupName group, TenureDuties duties, Runnable stopped) {
        this.group = group;
        this.duties = duties;
        this.stopped = stopped;
        this.thread = Thread.ofPlatform().daemon().name("tenure-duty-" + group).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** What was not begun yet and is overtaken by this is left out: so no more than one duty of each kind waits. */
    synchronized void wanted(Duty duty) {
        wanted.removeIf(waiting -> waiting.getClass().equals(duty.getClass()) || waiting instanceof Duty.Serve);
        wanted.addLast(duty);
        notifyAll();
    }

    private synchronized Optional<Duty> next() throws InterruptedException {
        while (wanted.isEmpty() && !closed) {
            wait();
        }
        return closed ? Optional.empty() : Optional.of(wanted.removeFirst());
    }

    private synchronized boolean rested() throws InterruptedException {
        long deadline = System.nanoTime() + AGAIN.toNanos();
        long rest = AGAIN.toMillis();
        while (!closed && rest > 0) {
            wait(rest);
            rest = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        }
        return !closed;
    }

    private void run() {
        try {
            for (Optional<Duty> duty = next(); duty.isPresent(); duty = next()) {
                carryOut(duty.get());
            }
        } catch (InterruptedException ended) {
            LOG.log(Level.DEBUG, "group {0}: the site is stopping", group);
        }
    }

    private void carryOut(Duty duty) throws InterruptedException {
        try {
            switch (duty) {
                case Duty.Serve(Term term) -> duties.serve(term);
                case Duty.Stop(Term term) -> stop(term);
                case Duty.GiveWay(Ownership now) -> duties.giveWay(now);
            }
        } catch (GodwitException | UncheckedIOException failed) {
            LOG.log(Level.ERROR, "group {0}: {1} did not succeed: {2}", group, duty, failed.getMessage());
        }
    }

    private void stop(Term term) throws InterruptedException {
        while (!duties.stop(term)) {
            if (!rested()) {
                return;
            }
        }
        stopped.run();
    }

    /** Waits for what is being done, which ends by itself when the site lets go of the group. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
