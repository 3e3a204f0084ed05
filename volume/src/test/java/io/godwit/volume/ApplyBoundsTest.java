package io.godwit.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ByteCount;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApplyBoundsTest {
    private static final long MIB = 1 << 20;
    private static final Duration AGE = Duration.ofHours(1);
    private static final HistoryWindow WINDOW = new HistoryWindow(ByteCount.ofMiB(100), AGE);

    private final ApplyBounds bounds = new ApplyBounds(List.of());

    @Test
    void withoutAWindowAllThatIsDurableIsApplied() {
        assertThat(bounds.target(0, 500 * MIB, 0)).isEqualTo(500 * MIB);
    }

    @Test
    void whatIsOverTheBytesOfTheWindowIsApplied() {
        bounds.keep(WINDOW);
        assertThat(bounds.target(0, 100 * MIB, 0)).isZero();
        assertThat(bounds.target(0, 150 * MIB, 0)).isEqualTo(50 * MIB);
        assertThat(bounds.target(50 * MIB, 151 * MIB - 1, 0)).isEqualTo(50 * MIB);
    }

    @Test
    void whatIsOverTheAgeOfTheWindowIsApplied() {
        bounds.keep(WINDOW);
        long begin = -AGE.toNanos() / 2;
        assertThat(bounds.target(0, 10 * MIB, begin)).isZero();
        assertThat(bounds.target(0, 20 * MIB, begin + AGE.toNanos() / 2)).isZero();
        assertThat(bounds.target(0, 30 * MIB, begin + AGE.toNanos())).isEqualTo(10 * MIB);
        assertThat(bounds.target(10 * MIB, 30 * MIB, begin + 3 * AGE.toNanos())).isEqualTo(30 * MIB);
    }

    @Test
    void whoNeedsRoomGetsOneBatchOutOfTheWindow() {
        bounds.keep(WINDOW);
        bounds.press(0);
        assertThat(bounds.target(0, 50 * MIB, 0)).isEqualTo(50 * MIB);
        bounds.relax();
        assertThat(bounds.target(10 * MIB, 50 * MIB, 0)).isEqualTo(10 * MIB);
    }

    @Test
    void aPointStopsTheImagesUntilSomethingMoreImportantNeedsThem() {
        PointHold point = bounds.add(new Position(5 * MIB));
        PointHold later = bounds.add(new Position(30 * MIB));
        assertThat(bounds.target(0, 50 * MIB, 0)).isEqualTo(5 * MIB);
        bounds.press(0);
        assertThat(point.ended()).isFalse();
        bounds.press(5 * MIB);
        assertThatThrownBy(point::requireOpen).isInstanceOf(GodwitException.class);
        assertThat(bounds.target(5 * MIB, 50 * MIB, 0)).isEqualTo(30 * MIB);
        bounds.need(30 * MIB);
        assertThat(later.ended()).isFalse();
        bounds.need(31 * MIB);
        assertThat(later.ended()).isTrue();
        assertThat(bounds.target(5 * MIB, 50 * MIB, 0)).isEqualTo(50 * MIB);
    }

    @Test
    void soManyPointsAndNoMore() {
        for (int i = 0; i < ApplyBounds.MAX_POINTS; i++) {
            bounds.add(new Position(i));
        }
        assertThatThrownBy(() -> bounds.add(Position.START)).isInstanceOf(GodwitException.class);
    }
}
