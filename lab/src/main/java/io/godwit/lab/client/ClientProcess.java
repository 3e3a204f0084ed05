package io.godwit.lab.client;

import io.godwit.api.JsonLines;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.OwnSession;
import io.godwit.core.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A running client, in a process of its own; closing it ends the process. */
public final class ClientProcess implements AutoCloseable {
    private static final Duration LATE_PROBES_AND_EXIT = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(20);

    /** The client stands for a machine of its own; what it measures is the service, not its own waiting. */
    private static final int CLIENT_FIRST = -10;

    private final Process process;
    private final Path log;
    private final JsonLines lines;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable ClientProgress latest;
    private volatile @Nullable ClientResult result;

    private ClientProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.lines = new JsonLines(process.getInputStream(), process.getOutputStream());
    }

    /**
     * Starts the client.
     *
     * @param prefix words before the command, for example {@code ip netns exec NAME}; may be empty
     * @param log file that gets what the process says on standard error
     */
    public static ClientProcess start(List<String> prefix, ClientOptions options, Path log) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(java());
        command.addAll(List.of(
                ClientMain.class.getName(),
                "--address=" + options.service().getHostAddress(),
                "--redis-port=" + options.redisPort(),
                "--echo-port=" + options.echoPort(),
                "--probes=" + options.probesPerSecond(),
                "--slots=" + options.slots(),
                "--patience-millis=" + options.patience().toMillis()));
        ProcessBuilder builder = new ProcessBuilder(OwnSession.of(CLIENT_FIRST, command)).redirectError(log.toFile());
        ClientProcess client = new ClientProcess(builder.start(), log);
        Thread.ofVirtual().name("client-listener").start(client::listen);
        return client;
    }

    private static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"));
    }

    private void listen() {
        try {
            for (Optional<String> line = lines.read(); line.isPresent(); line = lines.read()) {
                take(Json.read(line.get(), ClientLine.class, "what the client says"));
            }
        } catch (IOException | GodwitException unusable) {
            process.destroy();
        } finally {
            ended.countDown();
        }
    }

    private void take(ClientLine line) {
        if (line.progress() != null) {
            latest = line.progress();
        }
        if (line.result() != null) {
            result = line.result();
        }
    }

    /** What the client said last; empty in its first moments. */
    public Optional<ClientProgress> progress() {
        return Optional.ofNullable(latest);
    }

    public boolean alive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** Waits until a write was acknowledged and a probe came back; false when that took longer. */
    public boolean awaitWorking(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (System.nanoTime() < end) {
            if (progress().filter(ClientProgress::working).isPresent()) {
                return true;
            }
            if (ended.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                throw died();
            }
        }
        return false;
    }

    /**
     * Has the client stop, read everything back and say its result; the process has ended when this returns.
     *
     * @param atMost time for reading back; writes that were not read by then are {@code unverifiedWrites}
     */
    public ClientResult finish(Duration atMost) throws InterruptedException {
        try {
            lines.write(ClientMain.FINISH + atMost.toMillis());
        } catch (IOException closed) {
            throw died();
        }
        ended.await(atMost.plus(LATE_PROBES_AND_EXIT).toMillis(), TimeUnit.MILLISECONDS);
        close();
        ClientResult said = result;
        if (said == null) {
            throw died();
        }
        return said;
    }

    /** Closes the client's standard input, as the end of this process would. */
    void hangUp() throws IOException {
        process.getOutputStream().close();
    }

    boolean awaitEnd(Duration atMost) throws InterruptedException {
        return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    private GodwitException died() {
        return new GodwitException(
                ErrorCode.FAILED, "the client's process ended without a result; " + log + " may say why");
    }

    /** Ends the process at once; what it counted since its last progress is gone. */
    @Override
    public void close() {
        process.destroyForcibly();
        boolean interrupted = false;
        while (process.isAlive()) {
            try {
                process.waitFor();
            } catch (InterruptedException goOnWaiting) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
