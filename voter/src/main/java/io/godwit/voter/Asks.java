package io.godwit.voter;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import io.godwit.core.json.Json;
import java.time.Duration;
import java.util.List;

/** Commands that go to a voter together, and are answered together. */
record Asks(List<Ask> asks) {
    static final int MOST = 32;
    private static final int MAX_BYTES = MOST * Ask.MAX_BYTES;

    /** What the voter that was asked has to say of each, in the same order. */
    record Replies(List<Ask.Reply> replies) {
        Replies {
            replies = List.copyOf(replies);
        }

        static Replies toAll(Asks asks, Ask.Reply reply) {
            return new Replies(asks.asks().stream().map(_ -> reply).toList());
        }
    }

    Asks {
        asks = List.copyOf(asks);
        if (asks.isEmpty() || asks.size() > MOST) {
            throw new IllegalArgumentException("%d commands don't go together".formatted(asks.size()));
        }
    }

    static Asks read(byte[] json, SiteName from) {
        if (json.length > MAX_BYTES) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "commands of %d bytes are too long".formatted(json.length));
        }
        return Json.read(json, Asks.class, "the commands of " + from);
    }

    /** Of whoever is the most patient. */
    Duration patience() {
        return Duration.ofMillis(
                asks.stream().mapToInt(Ask::patienceMillis).max().orElseThrow());
    }
}
