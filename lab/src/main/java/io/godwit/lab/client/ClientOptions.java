package io.godwit.lab.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * What the client does.
 *
 * @param service the service's address
 * @param redisPort where Redis listens there
 * @param echoPort where the UDP echo listens there
 * @param probesPerSecond pace of the UDP probes, 1 to 10,000
 * @param slots how many keys the writes go round, 1 to a million: Redis holds about 200 bytes for each
 * @param patience a connection that is silent for longer is given up and counted as reset
 */
public record ClientOptions(
        InetAddress service, int redisPort, int echoPort, int probesPerSecond, int slots, Duration patience) {
    public static final int REDIS_PORT = 6379;
    public static final int ECHO_PORT = 7;
    public static final int PROBES_PER_SECOND = 200;
    public static final int SLOTS = 1 << 16;
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int MAX_PROBES_PER_SECOND = 10_000;
    private static final int MAX_SLOTS = 1_000_000;

    public ClientOptions {
        if (probesPerSecond < 1 || probesPerSecond > MAX_PROBES_PER_SECOND) {
            throw new IllegalArgumentException("probes a second must be 1 to 10000, not " + probesPerSecond);
        }
        if (slots < 1 || slots > MAX_SLOTS) {
            throw new IllegalArgumentException("slots must be 1 to 1000000, not " + slots);
        }
    }

    /** For the guest of lab/guest, at its service address in digits. */
    public static ClientOptions of(String serviceAddress) {
        return new ClientOptions(
                InetAddress.ofLiteral(serviceAddress), REDIS_PORT, ECHO_PORT, PROBES_PER_SECOND, SLOTS, PATIENCE);
    }

    /** The same, with a connection given up after so long a silence. */
    public ClientOptions dialingAgainAfter(Duration silence) {
        return new ClientOptions(service, redisPort, echoPort, probesPerSecond, slots, silence);
    }

    /** The same, with that many keys: each is looked at again after so many writes. */
    public ClientOptions overKeys(int keys) {
        return new ClientOptions(service, redisPort, echoPort, probesPerSecond, keys, patience);
    }

    InetSocketAddress redis() {
        return new InetSocketAddress(service, redisPort);
    }

    InetSocketAddress echo() {
        return new InetSocketAddress(service, echoPort);
    }
}
