package io.godwit.hypervisor;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * A conversation with QEMU on its control socket: one command at a time, each with a time limit. A thread reads; another
 * hands events to the listener, which may therefore give commands itself. QEMU talks to one client at a time.
 */
final class QmpClient implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(QmpClient.class.getName());
    private static final int MAX_WAITING = 64;
    private static final Duration EVENT_WAIT = Duration.ofSeconds(1);
    private static final Duration USUAL_TIME = Duration.ofSeconds(10);

    private final SocketChannel socket;
    private final Path path;
    /** What QEMU answered; empty when the conversation has ended. */
    private final BlockingQueue<Optional<QmpMessage>> answers = new ArrayBlockingQueue<>(MAX_WAITING);

    private final BlockingQueue<QmpMessage.Event> events = new ArrayBlockingQueue<>(MAX_WAITING);
    private final ReentrantLock turn = new ReentrantLock(true);
    private volatile boolean ended;
    private long lastId;

    private QmpClient(Path path, SocketChannel socket, Consumer<QmpMessage.Event> listener) {
        this.path = path;
        this.socket = socket;
        Thread.ofVirtual().name("qmp-events").start(() -> listen(listener));
        Thread.ofVirtual().name("qmp-reader").start(this::readAll);
    }

    /** Connects and takes the greeting; an IOException if nobody listens there (yet). */
    static QmpClient connect(Path path, Consumer<QmpMessage.Event> listener) throws IOException {
        QmpClient client = new QmpClient(path, SocketChannel.open(UnixDomainSocketAddress.of(path)), listener);
        try {
            client.greet();
            return client;
        } catch (RuntimeException failure) {
            client.close();
            throw failure;
        }
    }

    private void greet() {
        if (!(await("its greeting", USUAL_TIME) instanceof QmpMessage.Greeting)) {
            throw new GodwitException(ErrorCode.CORRUPT, "what listens on %s is not QEMU".formatted(path));
        }
        execute("qmp_capabilities", Map.of());
    }

    JsonNode execute(String command, Map<String, ?> arguments) {
        return execute(command, arguments, USUAL_TIME);
    }

    /** Gives a command and returns its answer; a refusal by QEMU is {@code FAILED} with QEMU's sentence. */
    JsonNode execute(String command, Map<String, ?> arguments, Duration atMost) {
        turn.lock();
        try {
            long id = ++lastId;
            send(command, arguments, id);
            return answer(command, id, System.nanoTime() + atMost.toNanos());
        } finally {
            turn.unlock();
        }
    }

    private void send(String command, Map<String, ?> arguments, long id) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("execute", command);
        message.put("arguments", arguments);
        message.put("id", id);
        ByteBuffer line = ByteBuffer.wrap((Json.line(message) + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (line.hasRemaining()) {
                socket.write(line);
            }
        } catch (IOException broken) {
            throw gone(command + ": " + broken.getMessage());
        }
    }

    /** Waits for the answer with this number; answers to commands that were given up are passed over. */
    private JsonNode answer(String command, long id, long deadline) {
        while (true) {
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            switch (await("an answer to " + command, left)) {
                case QmpMessage.Answer answer
                when answer.id() == id -> {
                    return answer.value();
                }
                case QmpMessage.Failure failure
                when failure.id() == id ->
                    throw new GodwitException(
                            ErrorCode.FAILED, "QEMU refused %s: %s".formatted(command, failure.sentence()));
                case QmpMessage.Answer _, QmpMessage.Failure _, QmpMessage.Greeting _, QmpMessage.Event _ -> {}
            }
        }
    }

    private QmpMessage await(String what, Duration atMost) {
        try {
            Optional<QmpMessage> message = answers.poll(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS);
            if (message == null) {
                throw new GodwitException(
                        ErrorCode.UNREACHABLE, "QEMU at %s did not give %s in time".formatted(path, what));
            }
            return message.orElseThrow(() -> ended(what));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new GodwitException(ErrorCode.FAILED, "interrupted while waiting for " + what, stopped);
        }
    }

    private GodwitException ended(String what) {
        answers.add(Optional.empty());
        return gone(what);
    }

    private GodwitException gone(String what) {
        return new GodwitException(
                ErrorCode.UNREACHABLE, "QEMU at %s ended the conversation at %s".formatted(path, what));
    }

    private void readAll() {
        LineReader lines = new LineReader(Channels.newInputStream(socket));
        try {
            for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
                dispatch(QmpMessage.parse(line.get()));
            }
        } catch (IOException | GodwitException end) {
            LOG.log(System.Logger.Level.DEBUG, "the conversation with " + path + " ended", end);
        } finally {
            answers.clear();
            answers.add(Optional.empty());
            ended = true;
        }
    }

    private void dispatch(QmpMessage message) {
        boolean taken = switch (message) {
            case QmpMessage.Event event -> events.offer(event);
            case QmpMessage.Answer _, QmpMessage.Failure _, QmpMessage.Greeting _ ->
                answers.offer(Optional.of(message));
        };
        if (!taken) {
            LOG.log(System.Logger.Level.WARNING, "{0} said more than can be kept: {1} is lost", path, message);
        }
    }

    /** Isn't ended by an interrupt: the listener may be in the middle of writing to a file, which that would close. */
    private void listen(Consumer<QmpMessage.Event> listener) {
        try {
            while (!ended || !events.isEmpty()) {
                QmpMessage.Event event = events.poll(EVENT_WAIT.toMillis(), TimeUnit.MILLISECONDS);
                if (event != null) {
                    listener.accept(event);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the conversation; QEMU goes on. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            LOG.log(System.Logger.Level.DEBUG, "closing " + path, failure);
        }
    }
}
