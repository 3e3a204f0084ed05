package io.godwit.site.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryChoiceTest {
    private static final Position AT = new Position(1_000);
    private static final Duration ALLOWED = Duration.ofSeconds(5);
    private static final Optional<KeptCheckpoint> KEPT =
            Optional.of(new KeptCheckpoint(3, Term.FIRST, AT, 1_700_000_000_000L, "boot", List.of()));

    private static MemoryChoice choice(long durable, boolean openable, long changed, int sinceSeconds) {
        MemoryChoice.Facts facts = new MemoryChoice.Facts(
                new Position(durable), openable, new ByteCount(changed), Duration.ofSeconds(sinceSeconds));
        return MemoryChoice.of(KEPT, facts, ALLOWED);
    }

    private static String why(MemoryChoice choice) {
        return ((MemoryChoice.Boot) choice).why();
    }

    @Test
    void withoutACheckpointMachinesAreBooted() {
        MemoryChoice.Facts facts = new MemoryChoice.Facts(AT, true, ByteCount.ZERO, Duration.ZERO);
        assertThat(why(MemoryChoice.of(Optional.empty(), facts, ALLOWED))).contains("no checkpoint");
    }

    @Test
    void machinesGoOnIfTheirDisksAreAsTheyWereHoweverLongAgo() {
        assertThat(choice(1_100, true, 0, 3_600))
                .isEqualTo(new MemoryChoice.Resume(KEPT.orElseThrow(), ByteCount.ZERO, Duration.ofHours(1)));
    }

    @Test
    void machinesGoOnIfWhatIsGivenUpWasWrittenInAShortTime() {
        assertThat(choice(9_000, true, 4_096, 5)).isInstanceOf(MemoryChoice.Resume.class);
        assertThat(why(choice(9_000, true, 4_096, 6))).contains("give up the writes of 6.0 s, and 5.0 s are allowed");
    }

    @Test
    void aCheckpointAheadOfTheLogIsOfNoUse() {
        assertThat(why(choice(999, true, 0, 0))).contains("has not come as far");
    }

    @Test
    void aCheckpointThatTheDisksCannotGoBackToIsOfNoUse() {
        assertThat(why(choice(9_000, false, 0, 0))).contains("can't go back");
    }
}
