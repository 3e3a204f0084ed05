package io.godwit.site.tenure;

import static io.godwit.site.tenure.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.core.posix.BootClock;
import io.godwit.quorum.Ownership;
import io.godwit.quorum.QuorumCommand.Rate;
import io.godwit.quorum.Readiness;
import io.godwit.quorum.Standing;
import io.godwit.quorum.SyncPromise;
import io.godwit.quorum.TenureEvent;
import io.godwit.quorum.TenureState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a driver makes of the rules, on the host's clock, with voters that sites can be cut off from. */
@Timeout(120)
class TenureDriverTest {
    private static final GroupName SHOP = new GroupName("shop");
    private static final SiteName EAST = new SiteName("east");
    private static final SiteName WEST = new SiteName("west");
    private static final Duration LEASE = Duration.ofSeconds(1);

    private final OneLogQuorum voters = new OneLogQuorum();
    private final List<Place> places = new ArrayList<>();

    /** A site that notes what it is told to do. */
    private final class Place implements TenureDuties, AutoCloseable {
        private final Tenures tenures;
        private final TenureDriver driver;
        private final DiskLease disks = DiskLease.over();
        private final List<String> done = new CopyOnWriteArrayList<>();

        Place(SiteName name) {
            tenures = new Tenures(name, voters.at(name), new UnpluggedPorts());
            driver = tenures.prepare(SHOP, LEASE, disks, this);
            tenures.begin(driver);
            places.add(this);
        }

        @Override
        public void allow(long untilNanos) {
            assertThat(untilNanos - BootClock.nanos()).isLessThan(LEASE.toNanos());
        }

        @Override
        public void revoke() {
            assertThat(disks.lasts()).isFalse();
        }

        @Override
        public void serve(Term term) {
            done.add("serve " + term);
        }

        @Override
        public boolean stop(Term term) {
            done.add("stop " + term);
            return true;
        }

        @Override
        public void giveWay(Ownership now) {
            done.add("give way to " + now.owner());
        }

        @Override
        public boolean stands(Rate rating) {
            return true;
        }

        Ownership seen() {
            return tenures.standing(SHOP).orElseThrow();
        }

        long restNanos() {
            return driver.watch().restNanos(driver.margins(), BootClock.nanos());
        }

        @Override
        public void close() {
            tenures.end(driver);
            tenures.close();
        }
    }

    @AfterEach
    void end() {
        places.forEach(Place::close);
    }

    private Place owner() throws InterruptedException {
        Place east = new Place(EAST);
        east.driver.enter(new TenureEvent.RegisterWish(Term.FIRST, (int) LEASE.toMillis()));
        until("east serves", () -> east.done.contains("serve 1"));
        return east;
    }

    private Readiness standby() {
        return voters.state().find(SHOP).orElseThrow().standby(WEST);
    }

    @Test
    void whoRegistersAGroupServesItForAsLongAsTheVotersAnswer() throws Exception {
        Place east = owner();
        long until = System.nanoTime() + 3 * LEASE.toNanos();
        while (System.nanoTime() < until) {
            assertThat(east.disks.lasts()).isTrue();
            Thread.sleep(20);
        }
        assertThat(east.done).containsExactly("serve 1");
    }

    @Test
    void whenTheVotersAreAwayTheLeaseEndsAndServiceComesBackWithThem() throws Exception {
        Place east = owner();
        voters.cutOff(EAST);
        until("east has stopped", () -> east.done.contains("stop 1"));
        assertThat(east.disks.lasts()).isFalse();
        voters.reconnect(EAST);
        until("east serves again", () -> east.done.equals(List.of("serve 1", "stop 1", "serve 1")));
        assertThat(east.disks.lasts()).isTrue();
    }

    @Test
    void anotherSiteClaimsWhenTheLeaseIsOverAndTheFormerOwnerGivesWay() throws Exception {
        Place east = owner();
        Place west = new Place(WEST);
        east.driver.enter(new TenureEvent.RateWish(WEST, Readiness.COMPLETE));
        until("west is known to be complete", () -> standby() == Readiness.COMPLETE);
        voters.cutOff(EAST);
        until("the lease was waited out", () -> west.restNanos() == 0);
        assertThat(east.disks.lasts()).isFalse();
        west.driver.enter(new TenureEvent.ClaimWish(west.seen(), false));
        until("west serves", () -> west.done.contains("serve 2"));
        assertThat(east.disks.lasts()).isFalse();
        voters.reconnect(EAST);
        until("east gives way", () -> east.done.contains("give way to west"));
        assertThat(west.disks.lasts()).isTrue();
    }

    @Test
    void whileItIsRenewedALeaseIsNeverWaitedOut() throws Exception {
        owner();
        Place west = new Place(WEST);
        long until = System.nanoTime() + 3 * LEASE.toNanos();
        while (System.nanoTime() < until) {
            assertThat(west.restNanos()).isPositive();
            Thread.sleep(20);
        }
    }

    @Test
    void aDaemonThatIsStartedAnewTakesTheGroupUp() throws Exception {
        Place east = owner();
        east.close();
        places.remove(east);
        assertThat(east.disks.lasts()).isFalse();
        Place again = new Place(EAST);
        until("it serves", () -> again.done.contains("serve 1"));
    }

    @Test
    void whatIsOfferedIsOnlyOneSitesToTake() throws Exception {
        Place east = owner();
        Place west = new Place(WEST);
        east.driver.enter(new TenureEvent.OfferWish(WEST));
        until("west sees the offer", () -> west.seen().standing().equals(new Standing.Offered(WEST)));
        assertThat(east.done).containsExactly("serve 1", "stop 1");
        assertThat(east.disks.lasts()).isFalse();
        west.driver.enter(new TenureEvent.AcceptWish(west.seen()));
        until("west serves", () -> west.done.contains("serve 2"));
        until("east gives way", () -> east.done.contains("give way to west"));
    }

    @Test
    void anOfferThatNobodyTookIsTakenBack() throws Exception {
        Place east = owner();
        east.driver.enter(new TenureEvent.OfferWish(WEST));
        until("it is offered", () -> east.driver.state() instanceof TenureState.Offered);
        east.driver.enter(new TenureEvent.WithdrawWish());
        until("east serves again", () -> east.done.equals(List.of("serve 1", "stop 1", "serve 1")));
        assertThat(east.seen().term()).isEqualTo(Term.FIRST);
    }

    @Test
    void nothingIsAcknowledgedAloneBeforeTheVotersKnow() throws Exception {
        Place east = owner();
        assertThat(east.driver.promises().mode(WEST)).isEqualTo(SyncPromise.Mode.ALONE);
        east.driver.enter(new TenureEvent.RateWish(WEST, Readiness.COMPLETE));
        until("the replica counts", () -> east.driver.promises().mode(WEST) == SyncPromise.Mode.TOGETHER);
        until("the voters know", () -> standby() == Readiness.COMPLETE);
        voters.cutOff(EAST);
        east.driver.enter(new TenureEvent.RateWish(WEST, Readiness.BEHIND));
        until("it is asked", () -> east.driver.promises().mode(WEST) == SyncPromise.Mode.PARTING);
        voters.reconnect(EAST);
        until("the voters know again", () -> {
            east.driver.enter(new TenureEvent.RateWish(WEST, Readiness.BEHIND));
            return east.driver.promises().mode(WEST) == SyncPromise.Mode.ALONE;
        });
        assertThat(standby()).isEqualTo(Readiness.BEHIND);
        assertThat(Optional.of(east.seen().owner())).contains(EAST);
    }
}
