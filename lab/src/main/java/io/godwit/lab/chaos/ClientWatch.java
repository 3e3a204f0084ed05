package io.godwit.lab.chaos;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.lab.client.ClientProcess;
import io.godwit.lab.client.ClientProgress;
import io.godwit.lab.client.TcpCounts;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** What the client sees, round by round. For one thread, which looks often: the client speaks five times a second. */
final class ClientWatch {
    private static final TcpCounts NOTHING = new TcpCounts(0, 0, 0, 0, 0, 0);

    /** The client speaks so often, twice over. */
    static final Duration EXACTNESS = Duration.ofMillis(400);

    private static final Duration REMEMBERED = Duration.ofMinutes(2);

    private final ClientProcess client;
    private final Deque<Seen> history = new ArrayDeque<>();
    private long longestSilenceMillis;

    private record Seen(long nanos, long acknowledgedWrites) {}

    ClientWatch(ClientProcess client) {
        this.client = client;
    }

    /** Takes in what the client says now. */
    void look() {
        if (!client.alive()) {
            throw new GodwitException(ErrorCode.FAILED, "the client's process has ended");
        }
        longestSilenceMillis = Math.max(longestSilenceMillis, silenceMillis());
        long now = System.nanoTime();
        history.addLast(new Seen(now, counts().acknowledgedWrites()));
        while (now - history.getFirst().nanos() > REMEMBERED.toNanos()) {
            history.removeFirst();
        }
    }

    /** How many writes it had been acknowledged at a moment of the last two minutes, as far as it had said so then. */
    long acknowledgedAt(long nanos) {
        return history.reversed().stream()
                .filter(seen -> seen.nanos() - nanos <= 0)
                .findFirst()
                .map(Seen::acknowledgedWrites)
                .orElse(0L);
    }

    private long silenceMillis() {
        return client.progress().map(ClientProgress::tcpSilentMillis).orElse(0L);
    }

    /** From here on silences count anew. */
    void beginRound() {
        longestSilenceMillis = 0;
    }

    Duration longestSilence() {
        return Duration.ofMillis(longestSilenceMillis);
    }

    /** Whether it is being answered now. */
    boolean answered(Duration lately) {
        return silenceMillis() < lately.toMillis();
    }

    TcpCounts counts() {
        return client.progress().map(ClientProgress::tcp).orElse(NOTHING);
    }

    String sentence() {
        return "client: %,d writes%s"
                .formatted(
                        counts().acknowledgedWrites(),
                        silenceMillis() > 500 ? ", silent for %.1f s".formatted(silenceMillis() / 1000.0) : "");
    }
}
