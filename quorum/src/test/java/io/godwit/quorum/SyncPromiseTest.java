package io.godwit.quorum;

import static io.godwit.quorum.Shop.WEST;
import static io.godwit.quorum.Shop.east;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.quorum.QuorumCommand.Rate;
import io.godwit.quorum.SyncPromise.Mode;
import org.junit.jupiter.api.Test;

class SyncPromiseTest {
    private static final QuorumAnswer GRANTED = new QuorumAnswer.Granted(Shop.ofEast(9));
    private static final Rate COMPLETE = new Rate(east(3), WEST, Readiness.COMPLETE);
    private static final Rate BEHIND = new Rate(east(5), WEST, Readiness.BEHIND);

    private final SyncPromise together = SyncPromise.after(Readiness.UNFIT).sending(COMPLETE);

    @Test
    void acknowledgementsWaitFromWhenTheReplicaMayBeBelievedComplete() {
        assertThat(together.mode()).isEqualTo(Mode.TOGETHER);
        assertThat(SyncPromise.after(Readiness.COMPLETE).mode()).isEqualTo(Mode.TOGETHER);
    }

    @Test
    void nothingIsAcknowledgedUntilTheVotersKnowThatTheReplicaIsBehind() {
        SyncPromise parting = together.sending(BEHIND);
        assertThat(parting.mode()).isEqualTo(Mode.PARTING);
        assertThat(parting.answered(BEHIND, GRANTED).mode()).isEqualTo(Mode.ALONE);
    }

    @Test
    void theAnswerToAnOlderRatingShowsNothing() {
        SyncPromise again = together.sending(BEHIND)
                .sending(new Rate(east(6), WEST, Readiness.COMPLETE))
                .sending(new Rate(east(8), WEST, Readiness.BEHIND));
        assertThat(again.answered(BEHIND, GRANTED).mode()).isEqualTo(Mode.PARTING);
    }
}
