package io.godwit.quorum;

import static io.godwit.quorum.Shop.LEASE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeaseWatchTest {
    private static final Margins MARGINS = Margins.of(Duration.ofMillis(LEASE));

    @Test
    void aClockThatIsTooFastWaitsLongerThanALeaseOnOneThatIsTooSlow() {
        double slowest = 1 - MARGINS.clockPerMille() / 1000.0;
        double fastest = 1 + MARGINS.clockPerMille() / 1000.0;
        double leaseEnds = Duration.ofMillis(LEASE).toNanos() / slowest;
        double waitEnds = MARGINS.waitOutNanos(Duration.ofMillis(LEASE)) / fastest;
        assertThat(waitEnds).isGreaterThanOrEqualTo(leaseEnds);
    }

    @Test
    void everyRenewalIsWaitedOutFromWhenItIsSeen() {
        LeaseWatch first = LeaseWatch.NOTHING.looked(Optional.of(Shop.ofEast(1)), 100);
        assertThat(first.looked(Optional.of(Shop.ofEast(1)), 900)).isEqualTo(first);
        LeaseWatch second = first.looked(Optional.of(Shop.ofEast(2)), 900);
        assertThat(second.restNanos(MARGINS, 900)).isEqualTo(MARGINS.waitOutNanos(Duration.ofMillis(LEASE)));
        assertThat(second.restNanos(MARGINS, Long.MAX_VALUE / 2)).isZero();
    }

    @Test
    void whatTheOwnVoterHasNotAppliedYetIsNoNewsAfterAnAnswerThatKnowsMore() {
        LeaseWatch watch = LeaseWatch.NOTHING.looked(Optional.of(Shop.ofEast(1)), 100);
        LeaseWatch heard = watch.heard(Shop.ofEast(5), 900);
        assertThat(heard.restNanos(MARGINS, 900)).isEqualTo(MARGINS.waitOutNanos(Duration.ofMillis(LEASE)));
        assertThat(heard.looked(Optional.of(Shop.ofEast(1)), 1_000)).isEqualTo(heard);
        assertThat(heard.looked(Optional.of(Shop.ofEast(6)), 1_000).silentNanos(1_000))
                .isZero();
    }

    @Test
    void aGroupThatWasReleasedNeedNotBeWaitedFor() {
        Ownership released = Shop.ofEast(1).at(2, new Standing.Released());
        assertThat(LeaseWatch.NOTHING.looked(Optional.of(released), 5).restNanos(MARGINS, 5))
                .isZero();
    }
}
