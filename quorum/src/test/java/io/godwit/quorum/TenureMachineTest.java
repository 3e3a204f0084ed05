package io.godwit.quorum;

import static io.godwit.quorum.Shop.EAST;
import static io.godwit.quorum.Shop.FIRST;
import static io.godwit.quorum.Shop.LEASE;
import static io.godwit.quorum.Shop.RUN;
import static io.godwit.quorum.Shop.SHOP;
import static io.godwit.quorum.Shop.WEST;
import static io.godwit.quorum.Shop.WEST_RUN;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.quorum.TenureEffect.Allow;
import io.godwit.quorum.TenureEffect.Serve;
import io.godwit.quorum.TenureEffect.Stop;
import io.godwit.quorum.TenureEffect.Submit;
import io.godwit.quorum.TenureState.Away;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** East's tenure of its group, with the voters played by hand. */
class TenureMachineTest {
    private static final Margins MARGINS = Margins.of(Duration.ofMillis(LEASE));
    private static final long LEASE_NANOS = Duration.ofMillis(LEASE).toNanos();

    private final TenureMachine machine = new TenureMachine(SHOP, EAST, RUN, MARGINS);
    private final List<TenureEffect> effects = new ArrayList<>();
    private QuorumState voters = QuorumState.EMPTY;
    private TenureState state = Away.UNKNOWING;
    private long now = -5_000_000_000L;

    @Test
    void aLeaseCountsFromWhenItWasAskedForNotFromWhenItWasGranted() {
        long asked = now;
        enter(new TenureEvent.RegisterWish(FIRST, LEASE));
        pass(700);
        answer();
        assertThat(effects)
                .contains(new Allow(FIRST, asked + LEASE_NANOS - MARGINS.guard().toNanos()), new Serve(FIRST));
    }

    @Test
    void anAnswerThatComesTooLateGivesNothingToServeWith() {
        enter(new TenureEvent.RegisterWish(FIRST, LEASE));
        pass(LEASE);
        answer();
        assertThat(effects).noneMatch(Serve.class::isInstance);
        pass(600);
        enter(new TenureEvent.Tick());
        answer();
        assertThat(effects).as("but the next renewal does").contains(new Serve(FIRST));
    }

    @Test
    void whoIsNotAnsweredStopsBeforeTheLeaseIsOver() {
        serve();
        long stops = machine.wakeNanos(state, now);
        while (!(state instanceof TenureState.Stopping)) {
            stops = machine.wakeNanos(state, now);
            now = stops;
            enter(new TenureEvent.Tick());
        }
        assertThat(effects).contains(new Stop(FIRST));
        assertThat(stops)
                .isEqualTo(-5_000_000_000L + LEASE_NANOS - MARGINS.stop().toNanos());
    }

    @Test
    void whoWasPausedFindsItselfExpiredWhateverComesFirst() {
        serve();
        pass(60_000);
        enter(new TenureEvent.Seen(voters.find(SHOP).orElseThrow()));
        assertThat(state).isInstanceOf(TenureState.Stopping.class);
    }

    @Test
    void whatNobodyElseTookIsServedAgain() {
        serve();
        pass(60_000);
        enter(new TenureEvent.Tick());
        effects.clear();
        enter(new TenureEvent.Stopped());
        answer();
        assertThat(effects).contains(new Serve(FIRST));
    }

    @Test
    void whatAnotherTookIsFenced() {
        serve();
        pass(60_000);
        enter(new TenureEvent.Tick());
        takenByWest();
        enter(new TenureEvent.Stopped());
        answer();
        assertThat(effects).anyMatch(TenureEffect.Fence.class::isInstance);
        assertThat(state).isInstanceOf(Away.class);
    }

    @Test
    void aRestartedDaemonAsksBeforeItServes() {
        voters = voters.apply(new QuorumCommand.Register(SHOP, EAST, new Session(77), FIRST, LEASE))
                .state();
        enter(new TenureEvent.Seen(voters.find(SHOP).orElseThrow()));
        assertThat(effects).hasSize(1).first().isInstanceOf(Submit.class);
        answer();
        assertThat(effects).contains(new Serve(FIRST));
    }

    @Test
    void aGroupIsOfferedOnlyAfterItHasStopped() {
        serve();
        effects.clear();
        enter(new TenureEvent.OfferWish(WEST));
        assertThat(effects).containsExactly(new Stop(FIRST));
        enter(new TenureEvent.Stopped());
        answer();
        assertThat(state).isInstanceOf(TenureState.Offered.class);
        assertThat(voters.find(SHOP).orElseThrow().standing()).isEqualTo(new Standing.Offered(WEST));
    }

    /** Seed 873831262: the guests of a killed run were heard until its lease was over, while the site it had been offered to served already. */
    @Test
    void whatAnEarlierRunAllowedIsTakenBackBeforeTheGroupIsGivenUp() {
        serve();
        TenureMachine anew = new TenureMachine(SHOP, EAST, WEST_RUN, MARGINS);
        Ownership held = voters.find(SHOP).orElseThrow();
        TenureState asking =
                anew.next(Away.UNKNOWING, new TenureEvent.Seen(held), now).state();
        QuorumCommand takeUp = new QuorumCommand.TakeUp(SHOP, EAST, WEST_RUN, FIRST, held.number());
        voters = voters.apply(takeUp).state();
        QuorumAnswer late = voters.apply(takeUp).answer();
        TenureState lapsed =
                anew.next(asking, new TenureEvent.Answered(takeUp, late), now).state();
        assertThat(lapsed).isInstanceOf(TenureState.Lapsed.class);
        for (TenureEvent wish :
                List.of(new TenureEvent.OfferWish(WEST), new TenureEvent.ReleaseWish(), new TenureEvent.RetireWish())) {
            TenureStep step = anew.next(lapsed, wish, now);
            assertThat(step.effects()).as("%s", wish).containsExactly(new Stop(FIRST));
            assertThat(anew.next(step.state(), new TenureEvent.Stopped(), now).state())
                    .isInstanceOf(TenureState.Parting.class);
        }
    }

    @Test
    void anOfferThatWasTakenBackIsServedHereAgain() {
        serve();
        enter(new TenureEvent.OfferWish(WEST));
        enter(new TenureEvent.Stopped());
        answer();
        effects.clear();
        enter(new TenureEvent.WithdrawWish());
        answer();
        assertThat(effects).contains(new Serve(FIRST));
    }

    @Test
    void theOfferOfAnEarlierRunStandsUntilSomebodySaysWhatIsToBecomeOfIt() {
        Session earlier = new Session(77);
        voters = voters.apply(new QuorumCommand.Register(SHOP, EAST, earlier, FIRST, LEASE))
                .state();
        voters = voters.apply(new QuorumCommand.Offer(new Holding(SHOP, EAST, earlier, FIRST, 1), WEST))
                .state();
        enter(new TenureEvent.Seen(voters.find(SHOP).orElseThrow()));
        answer();
        assertThat(state).isInstanceOf(TenureState.Offered.class);
        assertThat(effects).noneMatch(Serve.class::isInstance);
    }

    private void serve() {
        enter(new TenureEvent.RegisterWish(FIRST, LEASE));
        answer();
        assertThat(effects).contains(new Serve(FIRST));
        effects.clear();
    }

    private void takenByWest() {
        Ownership seen = voters.find(SHOP).orElseThrow();
        voters = new QuorumState(new TreeMap<>(Map.of(SHOP, seen.rated(seen.number(), WEST, Readiness.COMPLETE))));
        voters = voters.apply(new QuorumCommand.Claim(SHOP, WEST, WEST_RUN, FIRST, seen.number(), false))
                .state();
    }

    private void pass(long millis) {
        now += Duration.ofMillis(millis).toNanos();
    }

    private void enter(TenureEvent event) {
        TenureStep step = machine.next(state, event, now);
        state = step.state();
        effects.addAll(step.effects());
    }

    /** Lets the voters answer the last command that was sent. */
    private void answer() {
        QuorumCommand command = effects.stream()
                .filter(Submit.class::isInstance)
                .map(effect -> ((Submit) effect).command())
                .toList()
                .getLast();
        QuorumState.Applied applied = voters.apply(command);
        voters = applied.state();
        enter(new TenureEvent.Answered(command, applied.answer()));
    }
}
