package io.godwit.lab.client;

import io.godwit.api.JsonLines;
import io.godwit.core.json.Json;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The client's process: says every 200 ms on standard output how it does, and at the line {@code finish MILLIS} on standard
 * input reads everything back and says the result. When standard input ends, nobody is there to hear a result, and the
 * process ends too.
 */
@Command(name = "client", mixinStandardHelpOptions = true, description = "Measures the service from the outside.")
public final class ClientMain implements Callable<Integer> {
    private static final long PROGRESS_MILLIS = 200;
    /** The order to finish; how many milliseconds the reading back may take follows it. */
    static final String FINISH = "finish ";

    private static final int PARENT_GONE = 1;
    private static final double NANOS_PER_MILLI = 1e6;

    @Option(names = "--address", required = true, description = "Address of the service.")
    private String address = "";

    @Option(names = "--redis-port", description = "Port of Redis (default ${DEFAULT-VALUE}).")
    private int redisPort = ClientOptions.REDIS_PORT;

    @Option(names = "--echo-port", description = "Port of the UDP echo (default ${DEFAULT-VALUE}).")
    private int echoPort = ClientOptions.ECHO_PORT;

    @Option(names = "--probes", description = "UDP probes a second (default ${DEFAULT-VALUE}).")
    private int probes = ClientOptions.PROBES_PER_SECOND;

    @Option(names = "--slots", description = "Keys that the writes go round (default ${DEFAULT-VALUE}).")
    private int slots = ClientOptions.SLOTS;

    @Option(names = "--patience-millis", description = "A connection silent for longer is given up.")
    private long patienceMillis = ClientOptions.PATIENCE.toMillis();

    private final JsonLines lines;
    private final CountDownLatch finish = new CountDownLatch(1);
    private volatile Duration readBackAtMost = Duration.ZERO;

    ClientMain(InputStream in, OutputStream out) {
        this.lines = new JsonLines(in, out);
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ClientMain(System.in, System.out)).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        ClientOptions options = new ClientOptions(
                InetAddress.ofLiteral(address), redisPort, echoPort, probes, slots, Duration.ofMillis(patienceMillis));
        long run = System.currentTimeMillis();
        Thread.ofPlatform().daemon().name("orders").start(this::obey);
        RedisWriter writer = new RedisWriter(options, Long.toString(run, Character.MAX_RADIX));
        try (UdpProber prober = new UdpProber(options.echo(), options.probesPerSecond(), run)) {
            writer.start();
            prober.start();
            while (!finish.await(PROGRESS_MILLIS, TimeUnit.MILLISECONDS)) {
                say(new ClientLine(progress(writer, prober), null));
            }
            say(new ClientLine(null, result(writer, prober)));
        }
        return 0;
    }

    private void obey() {
        try {
            String order = lines.read().orElseThrow(EOFException::new);
            readBackAtMost = Duration.ofMillis(Long.parseLong(order.substring(FINISH.length())));
            finish.countDown();
            throw new EOFException("after the order comes nothing but the end: " + lines.read());
        } catch (IOException | RuntimeException parentGone) {
            Runtime.getRuntime().halt(PARENT_GONE);
        }
    }

    private void say(ClientLine line) throws IOException {
        lines.write(Json.line(line));
    }

    private static ClientProgress progress(RedisWriter writer, UdpProber prober) {
        long now = System.nanoTime();
        return new ClientProgress(
                System.currentTimeMillis(),
                writer.counts(),
                prober.counts(),
                writer.connected(),
                Math.round(writer.gaps().current(now)),
                Math.round(prober.gaps().current(now)),
                prober.roundTripNanos() / NANOS_PER_MILLI,
                prober.echoes());
    }

    private ClientResult result(RedisWriter writer, UdpProber prober) throws InterruptedException {
        writer.stopWriting();
        prober.finish();
        writer.finish(readBackAtMost);
        return new ClientResult(
                new ClientReport(writer.counts(), prober.counts()),
                writer.gaps().longest(),
                prober.gaps().longest(),
                prober.lostProbesAtEpochMillis(),
                writer.unverified(),
                writer.refused());
    }
}
