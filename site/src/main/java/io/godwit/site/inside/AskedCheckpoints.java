package io.godwit.site.inside;

import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.VmName;
import io.godwit.site.inside.Requests.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Takes checkpoints when programs inside a group's machines ask for them, as seldom as {@link Requests} says, and answers. It is connected to a machine's
 * port while that may ask: what comes while it isn't waits in the machine.
 */
public final class AskedCheckpoints implements AutoCloseable {
    private static final Logger LOG = System.getLogger(AskedCheckpoints.class.getName());
    private static final Duration LOOK = Duration.ofMillis(250);

    /** The machines that may ask now, and where: none while their group is not served here. */
    public interface Machines {
        Map<VmName, Path> ports();
    }

    /** What takes a checkpoint and returns when the other site has it. */
    public interface Taker {
        Position take() throws IOException, InterruptedException;
    }

    private final String group;
    private final Machines machines;
    private final Taker taker;

    /** Guards everything below. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final Map<VmName, Conversation> conversations = new HashMap<>();
    private final Requests<Conversation> requests = new Requests<>();
    private boolean closed;

    public AskedCheckpoints(String group, Machines machines, Taker taker) {
        this.group = group;
        this.machines = machines;
        this.taker = taker;
    }

    public void start() {
        Thread.ofVirtual().name("inside-look-" + group).start(this::lookOut);
        Thread.ofVirtual().name("inside-take-" + group).start(this::takeInTurn);
    }

    private void lookOut() {
        try {
            do {
                look(machines.ports());
            } while (rested());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean rested() throws InterruptedException {
        long left = LOOK.toNanos();
        lock.lock();
        try {
            while (!closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void look(Map<VmName, Path> ports) {
        lock.lock();
        try {
            conversations.forEach((vm, here) -> {
                if (!ports.containsKey(vm)) {
                    here.end();
                }
            });
            conversations.values().removeIf(Conversation::hasEnded);
            if (!closed) {
                ports.forEach(this::connect);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A machine that an earlier Godwit started has no such port. */
    private void connect(VmName vm, Path port) {
        if (!conversations.containsKey(vm) && Files.exists(port)) {
            try {
                conversations.put(vm, Conversation.begin(port, listener));
            } catch (IOException failed) {
                LOG.log(Level.WARNING, "machine {0} can''t be listened to: {1}", vm, failed.getMessage());
            }
        }
    }

    private final Conversation.Listener listener = new Conversation.Listener() {
        @Override
        public String asked(Conversation here, InsideLine line) {
            return switch (line) {
                case InsideLine.Unreadable(String why) -> new Answer.Refused(why).line(Answer.NO_TOKEN);
                case InsideLine.Checkpoint(String token) -> enter(here, token);
            };
        }

        @Override
        public void ended(Conversation here) {
            lock.lock();
            try {
                requests.forget(here);
            } finally {
                lock.unlock();
            }
        }
    };

    private String enter(Conversation here, String token) {
        lock.lock();
        try {
            boolean entered = requests.add(new Request<>(here, token));
            changed.signalAll();
            return entered
                    ? ""
                    : new Answer.Refused("%d requests of this machine are waiting".formatted(Requests.MOST_FROM_ONE))
                            .line(token);
        } finally {
            lock.unlock();
        }
    }

    private void takeInTurn() {
        try {
            for (List<Request<Conversation>> batch = next(); !batch.isEmpty(); batch = next()) {
                Answer answer = take();
                LOG.log(Level.DEBUG, "group {0}: machines asked for a checkpoint: {1}", group, answer);
                answered();
                batch.forEach(request -> request.from().say(answer.line(request.token())));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** The requests that the next checkpoint answers, when it is time for it; none at the end. */
    private List<Request<Conversation>> next() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                long rest =
                        requests.rest(System.nanoTime()).map(Duration::toNanos).orElse(TimeUnit.DAYS.toNanos(1));
                if (rest == 0) {
                    return requests.begin(System.nanoTime());
                }
                changed.awaitNanos(rest);
            }
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    private void answered() {
        lock.lock();
        try {
            requests.end();
        } finally {
            lock.unlock();
        }
    }

    private Answer take() throws InterruptedException {
        try {
            return new Answer.Done(taker.take());
        } catch (GodwitException failed) {
            return Answer.of(failed);
        } catch (IOException | UncheckedIOException failed) {
            LOG.log(Level.WARNING, "group {0}: no checkpoint for a machine that asked", group, failed);
            return Answer.failed();
        }
    }

    /** Lets go of the machines' ports, and takes none any more; whoever ends {@link Taker} breaks off the one under way. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            conversations.values().forEach(Conversation::end);
            conversations.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
