package io.godwit.migration.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ByteCount;
import io.godwit.migration.drain.MoveEstimate.Basis;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** How long a move is expected to take, from the best facts that there are. */
class MoveEstimateTest {
    private static final ByteCount MEMORY = ByteCount.ofMiB(256);

    private static MeasuredMove moved(long mebibytes, int seconds) {
        return new MeasuredMove(ByteCount.ofMiB(mebibytes), Duration.ofSeconds(seconds));
    }

    private static MoveFacts facts(Optional<MeasuredMove> last, List<MeasuredMove> others, OptionalLong rate) {
        return new MoveFacts(MEMORY, last, others, Duration.ZERO, Duration.ZERO, rate);
    }

    @Test
    void itsOwnLastMoveCountsBeforeOthers() {
        MoveEstimate estimate =
                MoveEstimate.of(facts(Optional.of(moved(256, 7)), List.of(moved(256, 90)), OptionalLong.of(1)));
        assertThat(estimate.basis()).isEqualTo(Basis.OWN_MOVE);
        assertThat(estimate.expected()).isEqualTo(Duration.ofSeconds(7));
        assertThat(estimate.because()).isEqualTo("its last move from here took 7 s");
    }

    @Test
    void withoutOneOthersCountInProportionToTheirMemory() {
        MoveEstimate estimate = MoveEstimate.of(
                facts(Optional.empty(), List.of(moved(512, 10), moved(512, 30)), OptionalLong.of(1_000)));
        assertThat(estimate.basis()).isEqualTo(Basis.OTHER_MOVES);
        assertThat(estimate.expected()).isEqualTo(Duration.ofSeconds(10));
        assertThat(estimate.because()).contains("2 other groups");
    }

    @Test
    void withoutAnyTheWholeMemoryIsAssumedToCrossAtTheRateThatWasMeasured() {
        MoveEstimate estimate =
                MoveEstimate.of(facts(Optional.empty(), List.of(), OptionalLong.of(MEMORY.bytes() / 16)));
        assertThat(estimate.basis()).isEqualTo(Basis.ASSUMED);
        assertThat(estimate.expected()).isEqualTo(Duration.ofSeconds(21));
        assertThat(estimate.because())
                .contains(
                        "assumed are 5 s to prepare",
                        "the 16.0 MiB/s at which its disks or its log were seen to cross");
    }

    @Test
    void andWithoutAnyRateItSaysWhatIsAssumedOfTheLink() {
        MoveEstimate estimate = MoveEstimate.of(facts(Optional.empty(), List.of(), OptionalLong.empty()));
        assertThat(estimate.expected()).isEqualTo(Duration.ofMillis(5_000 + 21_474));
        assertThat(estimate.because()).contains("100 Mbit/s, since too little was seen to cross");
    }

    @Test
    void whatIsPendingAndACopyUnderWayTakeTheirTimeAsWell() {
        MoveEstimate estimate = MoveEstimate.of(new MoveFacts(
                MEMORY,
                Optional.of(moved(256, 7)),
                List.of(),
                Duration.ofSeconds(2),
                Duration.ofSeconds(60),
                OptionalLong.empty()));
        assertThat(estimate.expected()).isEqualTo(Duration.ofSeconds(69));
        assertThat(estimate.because()).contains("60 s for the copy of its disks under way");
    }

    @Test
    void aMachineThatGrewTakesLonger() {
        assertThat(MoveEstimate.of(facts(Optional.of(moved(64, 3)), List.of(), OptionalLong.empty()))
                        .expected())
                .isEqualTo(Duration.ofSeconds(12));
    }

    @Test
    void aMoveOfNothingMeasuresNothing() {
        assertThatThrownBy(() -> moved(0, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> moved(3, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
