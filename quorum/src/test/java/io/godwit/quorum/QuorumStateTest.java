package io.godwit.quorum;

import static io.godwit.quorum.Shop.EAST;
import static io.godwit.quorum.Shop.FIRST;
import static io.godwit.quorum.Shop.LEASE;
import static io.godwit.quorum.Shop.RUN;
import static io.godwit.quorum.Shop.SHOP;
import static io.godwit.quorum.Shop.WEST;
import static io.godwit.quorum.Shop.WEST_RUN;
import static io.godwit.quorum.Shop.east;
import static io.godwit.quorum.Shop.registered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.godwit.core.SiteName;
import io.godwit.core.Term;
import org.junit.jupiter.api.Test;

class QuorumStateTest {
    private QuorumState state = QuorumState.EMPTY;

    @Test
    void aClaimIsGrantedIfNothingChangedSince() {
        granted(registered());
        granted(new QuorumCommand.Rate(east(1), WEST, Readiness.COMPLETE));
        Ownership taken = granted(claim(1, false));
        assertThat(taken.owner()).isEqualTo(WEST);
        assertThat(taken.term()).isEqualTo(FIRST.next());
        assertThat(taken.standbys())
                .as("of its own replicas the new owner knows nothing yet")
                .isEmpty();
    }

    @Test
    void aRenewalThatCameBeforeTheClaimVoidsIt() {
        granted(registered());
        granted(new QuorumCommand.Rate(east(1), WEST, Readiness.COMPLETE));
        granted(new QuorumCommand.Renew(east(2)));
        refused(Refusal.CHANGED, claim(1, false));
    }

    @Test
    void aClaimThatArrivesTwiceBeginsOneTerm() {
        granted(registered());
        granted(new QuorumCommand.Rate(east(1), WEST, Readiness.COMPLETE));
        granted(claim(1, false));
        refused(Refusal.CHANGED, claim(1, false));
        refused(Refusal.NOT_THE_OWNER, new QuorumCommand.Renew(east(3)));
    }

    @Test
    void aReplicaThatIsBehindServesOnlyWhereLossIsAccepted() {
        granted(registered());
        refused(Refusal.NO_REPLICA, claim(0, true));
        granted(new QuorumCommand.Rate(east(1), WEST, Readiness.BEHIND));
        refused(Refusal.NO_REPLICA, claim(1, false));
        granted(claim(1, true));
    }

    @Test
    void noMoreReplicasAreRatedThanAreKept() {
        granted(registered());
        for (int number = 1; number <= QuorumState.MAX_STANDBYS; number++) {
            granted(new QuorumCommand.Rate(east(number), new SiteName("s" + number), Readiness.BEHIND));
        }
        int next = QuorumState.MAX_STANDBYS + 1;
        refused(Refusal.FULL, new QuorumCommand.Rate(east(next), WEST, Readiness.COMPLETE));
        granted(new QuorumCommand.Rate(east(next), new SiteName("s1"), Readiness.UNFIT));
        granted(new QuorumCommand.Rate(east(next + 1), WEST, Readiness.COMPLETE));
    }

    @Test
    void whatAnEarlierRunHadSentDoesNothingAfterTheNextHasTakenUp() {
        granted(registered());
        Session next = new Session(9);
        granted(new QuorumCommand.TakeUp(SHOP, EAST, next, FIRST, 0));
        refused(Refusal.ANOTHER_RUN, new QuorumCommand.Offer(east(7), WEST));
        refused(Refusal.CHANGED, new QuorumCommand.TakeUp(SHOP, EAST, RUN, FIRST, 0));
    }

    @Test
    void anOvertakenCommandIsRefused() {
        granted(registered());
        granted(new QuorumCommand.Renew(east(5)));
        refused(Refusal.OVERTAKEN, new QuorumCommand.Offer(east(4), WEST));
        refused(Refusal.OVERTAKEN, new QuorumCommand.Renew(east(5)));
    }

    @Test
    void anOfferIsAcceptedOnceByTheSiteItWasMadeTo() {
        granted(registered());
        granted(new QuorumCommand.Offer(east(1), WEST));
        refused(Refusal.OFFERED, new QuorumCommand.Renew(east(2)));
        refused(Refusal.NOT_OFFERED, new QuorumCommand.Accept(SHOP, EAST, RUN, FIRST, 1));
        assertThat(granted(accept(1)).term()).isEqualTo(FIRST.next());
        refused(Refusal.NOT_OFFERED, accept(1));
    }

    @Test
    void anOfferThatWasTakenBackCannotBeAcceptedWhenItIsMadeAnew() {
        granted(registered());
        granted(new QuorumCommand.Offer(east(1), WEST));
        granted(new QuorumCommand.Resume(east(2)));
        refused(Refusal.NOT_OFFERED, accept(1));
        granted(new QuorumCommand.Offer(east(3), WEST));
        refused(Refusal.CHANGED, accept(1));
    }

    @Test
    void aGroupThatWasReleasedHasNoOwnerWhoCanGoOn() {
        granted(registered());
        granted(new QuorumCommand.Release(east(1)));
        refused(Refusal.RELEASED, new QuorumCommand.Renew(east(2)));
        refused(Refusal.RELEASED, new QuorumCommand.Resume(east(3)));
        granted(new QuorumCommand.Claim(SHOP, EAST, RUN, FIRST, 1, false));
    }

    @Test
    void theTermsOfADissolvedGroupDoNotComeAgain() {
        granted(registered());
        granted(new QuorumCommand.Retire(east(1)));
        assertThat(state.find(SHOP)).isEmpty();
        refused(Refusal.UNKNOWN, new QuorumCommand.Renew(east(2)));
        refused(Refusal.REGISTERED, registered());
        granted(new QuorumCommand.Register(SHOP, WEST, WEST_RUN, new Term(2), LEASE));
    }

    @Test
    void aRegistrationThatArrivesTwiceIsOne() {
        granted(registered());
        granted(registered());
        refused(Refusal.REGISTERED, new QuorumCommand.Register(SHOP, WEST, WEST_RUN, new Term(7), LEASE));
    }

    @Test
    void aLeaseHasBounds() {
        assertThatIllegalArgumentException().isThrownBy(() -> new QuorumCommand.Register(SHOP, EAST, RUN, FIRST, 10));
    }

    private static QuorumCommand claim(long seen, boolean acceptingLoss) {
        return new QuorumCommand.Claim(SHOP, WEST, WEST_RUN, FIRST, seen, acceptingLoss);
    }

    private static QuorumCommand accept(long seen) {
        return new QuorumCommand.Accept(SHOP, WEST, WEST_RUN, FIRST, seen);
    }

    private Ownership granted(QuorumCommand command) {
        QuorumAnswer answer = apply(command);
        assertThat(answer).isInstanceOf(QuorumAnswer.Granted.class);
        return answer.standing().orElseThrow();
    }

    private void refused(Refusal why, QuorumCommand command) {
        QuorumState before = state;
        assertThat(apply(command))
                .isInstanceOfSatisfying(
                        QuorumAnswer.Refused.class,
                        refused -> assertThat(refused.why()).isEqualTo(why));
        assertThat(state).as("a refused command changes nothing").isEqualTo(before);
    }

    private QuorumAnswer apply(QuorumCommand command) {
        QuorumState.Applied applied = state.apply(command);
        state = applied.state();
        return applied.answer();
    }
}
