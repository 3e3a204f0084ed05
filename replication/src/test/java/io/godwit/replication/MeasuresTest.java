package io.godwit.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.Position;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MeasuresTest {
    private static final long MILLI = 1_000_000;

    @Test
    void lagIsTheAgeOfTheOldestWriteThatIsMissing() {
        LagClock clock = new LagClock();
        clock.note(new Position(100), 0);
        clock.note(new Position(200), 10 * MILLI);
        clock.note(new Position(300), 20 * MILLI);
        Position head = new Position(300);
        assertThat(clock.age(new Position(0), head, 30 * MILLI)).isEqualTo(30 * MILLI);
        assertThat(clock.age(new Position(100), head, 30 * MILLI)).isEqualTo(20 * MILLI);
        assertThat(clock.age(new Position(250), head, 30 * MILLI)).isEqualTo(10 * MILLI);
        assertThat(clock.age(head, head, 30 * MILLI)).isZero();
    }

    @Test
    void manySamplesAreThinnedOut() {
        LagClock clock = new LagClock();
        for (int i = 0; i < 100_000; i++) {
            clock.note(new Position(i), i * 10L * MILLI);
        }
        Position head = new Position(99_999);
        long age = clock.age(new Position(50_000), head, 100_000 * 10 * MILLI);
        assertThat(age).isBetween(450_000 * MILLI, 500_000 * MILLI);
    }

    @Test
    void theShortestRoundTripOfTheLastOnesCounts() {
        RoundTrips trips = new RoundTrips();
        assertThat(trips.shortest()).isZero();
        trips.returned(0, 5);
        assertThat(trips.shortest()).isZero();
        trips.returned(100, 140);
        trips.returned(200, 230);
        assertThat(trips.shortest()).isEqualTo(Duration.ofNanos(30));
        for (int i = 0; i < 8; i++) {
            trips.returned(1000, 1050);
        }
        assertThat(trips.shortest()).isEqualTo(Duration.ofNanos(50));
    }

    @Test
    void theSeedWindowGrowsToWhatTheWayCarriesAndAShortQueue() {
        RoundTrips trips = new RoundTrips();
        trips.returned(1, 1 + 40 * MILLI);
        SeedWindow window = new SeedWindow(trips, 0);
        long rate = 12_500_000;
        long carried = 0;
        long sent = 0;
        for (long now = 10 * MILLI; now < 5_000 * MILLI; now += 10 * MILLI) {
            while (window.open()) {
                window.sent(64 << 10);
                sent += 64 << 10;
            }
            carried = Math.min(sent, carried + rate / 100);
            window.acknowledged(carried, now);
        }
        assertThat(window.size()).isBetween(rate * 15 / 100, rate * 25 / 100);
    }

    @Test
    void theSeedWindowIsSmallAtFirstAndClosesWhenItIsFull() {
        SeedWindow window = new SeedWindow(new RoundTrips(), 0);
        assertThat(window.open()).isTrue();
        window.sent(SeedWindow.MIN_BYTES);
        assertThat(window.open()).isFalse();
        window.acknowledged(1, 1);
        assertThat(window.open()).isTrue();
    }
}
