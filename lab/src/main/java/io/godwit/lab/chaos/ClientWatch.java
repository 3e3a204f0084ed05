package io.godwit.lab.chaos;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.lab.client.ClientProcess;
import io.godwit.lab.client.ClientProgress;
import io.godwit.lab.client.TcpCounts;
import java.time.Duration;

/** What the client sees, round by round. For one thread, which looks often: the client speaks five times a second. */
final class ClientWatch {
    private static final TcpCounts NOTHING = new TcpCounts(0, 0, 0, 0, 0, 0);

    private final ClientProcess client;
    private long longestSilenceMillis;

    ClientWatch(ClientProcess client) {
        this.client = client;
    }

    /** Takes in what the client says now. */
    void look() {
        if (!client.alive()) {
            throw new GodwitException(ErrorCode.FAILED, "the client's process has ended");
        }
        longestSilenceMillis = Math.max(longestSilenceMillis, silenceMillis());
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
