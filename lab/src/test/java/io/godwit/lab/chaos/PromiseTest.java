package io.godwit.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.ReplicationMode;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PromiseTest {
    private static final Promise TWO_SECONDS = new Promise(Optional.of(Duration.ofSeconds(2)));

    @Test
    void whereNothingMayBeLostNobodyTakesOverWithALoss() {
        assertThat(Promise.NOTHING_IS_LOST.mode().kind()).isEqualTo(ReplicationMode.Kind.SYNC);
        assertThat(Promise.NOTHING_IS_LOST.failover().acceptsLoss()).isFalse();
    }

    @Test
    void whereSomethingMayBeLostTheModeBoundsItAndTheOtherSiteAcceptsIt() {
        assertThat(TWO_SECONDS.mode().kind()).isEqualTo(ReplicationMode.Kind.ASYNC);
        assertThat(TWO_SECONDS.mode().maxMillis()).contains(2_000L);
        assertThat(TWO_SECONDS.failover().acceptsLoss()).isTrue();
        assertThat(TWO_SECONDS.inWords()).isEqualTo("nothing was lost that had been acknowledged 2.0 s before a loss");
    }
}
