package io.godwit.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ByteCount;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplicationModeTest {
    private static ReplicationMode.Wish wish(ReplicationMode.Kind kind, Optional<ByteCount> maxBytes) {
        return new ReplicationMode.Wish(
                kind, maxBytes, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    void aWishChangesWhatItNamesAndNothingElse() {
        ReplicationMode bounded =
                ReplicationMode.DEFAULT.with(wish(ReplicationMode.Kind.ASYNC, Optional.of(ByteCount.ofMiB(8))));
        ReplicationMode sync = bounded.with(wish(ReplicationMode.Kind.SYNC, Optional.empty()));
        assertThat(sync.maxBytes()).isEqualTo(ByteCount.ofMiB(8));
        assertThat(sync.kind()).isEqualTo(ReplicationMode.Kind.SYNC);
        assertThat(sync.rpoMillis()).isEqualTo(ReplicationMode.DEFAULT.rpoMillis());
    }

    @Test
    void wordsAreTheOnesOfTheCommandLine() {
        assertThat(Json.line(ReplicationMode.DEFAULT)).contains("\"async\"", "\"slow\"", "\"stall\"");
        assertThat(Json.read(Json.line(ReplicationMode.DEFAULT), ReplicationMode.class, "the mode"))
                .isEqualTo(ReplicationMode.DEFAULT);
        assertThat(ReplicationMode.parse(ReplicationMode.Kind.class, "strict", "mode"))
                .isEqualTo(ReplicationMode.Kind.STRICT);
        assertThatThrownBy(() -> ReplicationMode.parse(ReplicationMode.Kind.class, "fast", "mode"))
                .isInstanceOf(GodwitException.class)
                .hasMessage("'fast' is not a mode: write async, sync, strict, adaptive");
    }

    @Test
    void boundsThatCannotBeKeptAreRefused() {
        assertThatThrownBy(() ->
                        ReplicationMode.DEFAULT.with(wish(ReplicationMode.Kind.ASYNC, Optional.of(ByteCount.ofKiB(4)))))
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("1.00 MiB to 3.00 GiB");
    }
}
