package io.godwit.quorum;

import static io.godwit.quorum.Shop.WEST;
import static io.godwit.quorum.Shop.east;
import static io.godwit.quorum.Shop.ofEast;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.SiteName;
import io.godwit.quorum.QuorumCommand.Rate;
import io.godwit.quorum.SyncPromise.Mode;
import org.junit.jupiter.api.Test;

class PromisesTest {
    private static final SiteName NORTH = new SiteName("north");
    private static final Rate WEST_COMPLETE = new Rate(east(3), WEST, Readiness.COMPLETE);

    @Test
    void nothingIsAcknowledgedBeforeItIsKnownWhatTheVotersBelieve() {
        assertThat(Promises.NONE.mode(WEST)).isEqualTo(Mode.PARTING);
    }

    @Test
    void aRunThatWasStartedAnewKeepsWhatTheVotersBelieve() {
        Promises promises = Promises.NONE.begun(ofEast(2).rated(2, NORTH, Readiness.COMPLETE));
        assertThat(promises.mode(NORTH)).isEqualTo(Mode.TOGETHER);
        assertThat(promises.mode(WEST)).isEqualTo(Mode.ALONE);
    }

    /** Seed 51012: the answer to a registration that had been sent twice undid a rating that was under way. */
    @Test
    void whatIsAnsweredLaterDoesNotUndoARatingThatIsUnderWay() {
        Promises promises = Promises.NONE.begun(ofEast(0)).sending(WEST_COMPLETE);
        assertThat(promises.begun(ofEast(2)).mode(WEST)).isEqualTo(Mode.TOGETHER);
    }

    @Test
    void aTermBeginsWithWhatIsBelievedInIt() {
        Promises promises = Promises.NONE.begun(ofEast(0)).sending(WEST_COMPLETE);
        Ownership later = ofEast(7).passedTo(WEST, Shop.WEST_RUN);
        assertThat(promises.begun(later).mode(WEST)).isEqualTo(Mode.ALONE);
        assertThat(promises.begun(later)
                        .answered(new Rate(east(4), WEST, Readiness.BEHIND), new QuorumAnswer.Granted(ofEast(4)))
                        .mode(WEST))
                .as("what an earlier term is answered shows nothing")
                .isEqualTo(Mode.ALONE);
    }
}
