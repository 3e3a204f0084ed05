package io.godwit.site;

import static io.godwit.site.FollowingSite.EAST;
import static io.godwit.site.FollowingSite.ROOT;
import static io.godwit.site.FollowingSite.SHOP;
import static io.godwit.site.FollowingSite.WEST;
import static io.godwit.site.tenure.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.GroupStatus;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.quorum.Ownership;
import io.godwit.quorum.QuorumCommand.Rate;
import io.godwit.quorum.Readiness;
import io.godwit.quorum.TenureEvent;
import io.godwit.site.disks.CurrentRule;
import io.godwit.site.tenure.DiskLease;
import io.godwit.site.tenure.OneLogQuorum;
import io.godwit.site.tenure.OwnNetwork;
import io.godwit.site.tenure.TenureDriver;
import io.godwit.site.tenure.TenureDuties;
import io.godwit.site.tenure.Tenures;
import io.godwit.site.tenure.UnpluggedPorts;
import io.godwit.volume.DurabilityRule;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A site's daemon with voters whose group's owner falls silent: it takes the group over and boots its machine, in a network of its own. */
@Timeout(300)
@EnabledIfSystemProperty(named = "user.name", matches = "root", disabledReason = "namespaces need root")
class VotedFailoverTest {
    private static final Duration LEASE = Duration.ofSeconds(3);

    @TempDir
    Path directory = Path.of("");

    /** A site that follows, in a network of its own, and the owner of its group. */
    private abstract static class WithAnOwner implements OwnNetwork.Case {
        final OneLogQuorum voters = new OneLogQuorum();

        abstract void with(FollowingSite west, Owner east) throws Exception;

        @Override
        public void run(Path directory) throws Exception {
            FollowingSite west = new FollowingSite(directory, Optional.of(voters.at(WEST)));
            west.pair();
            west.define();
            GroupStore store = west.found();
            west.ship(store);
            try (Owner east = new Owner(voters, store)) {
                with(west, east);
            } finally {
                west.closeWithMachines();
            }
        }

        Ownership agreed() {
            return voters.state().find(SHOP).orElseThrow();
        }
    }

    /** The owner: its disk under its lease, to which somebody writes all the time. */
    private static final class Owner implements TenureDuties, AutoCloseable {
        private final OneLogQuorum voters;
        private final Tenures tenures;
        private final DiskLease lease = DiskLease.over();
        private final TenureDriver driver;
        private final GroupStore store;
        private final CurrentRule rule;
        private final AtomicInteger acknowledged = new AtomicInteger();
        private final Thread writer;
        private volatile boolean gaveWay;

        Owner(OneLogQuorum voters, GroupStore store) throws InterruptedException {
            this.voters = voters;
            this.tenures = new Tenures(EAST, voters.at(EAST), new UnpluggedPorts());
            this.store = store;
            this.rule = new CurrentRule(DurabilityRule.local(store), lease);
            this.driver = tenures.prepare(SHOP, LEASE, lease, this);
            tenures.begin(driver);
            driver.enter(new TenureEvent.RegisterWish(Term.FIRST, (int) LEASE.toMillis()));
            this.writer = Thread.ofPlatform().daemon().start(this::write);
            until("writes are acknowledged", () -> acknowledged.get() > 10);
        }

        private void write() {
            try {
                while (true) {
                    rule.admit(512);
                    Position end = store.disk(ROOT).write(4 << 20, ByteBuffer.wrap(new byte[512]));
                    rule.awaitSafe(end);
                    acknowledged.incrementAndGet();
                    Thread.sleep(5);
                }
            } catch (Exception ended) {
                Thread.currentThread().interrupt();
            }
        }

        void rate(Readiness west) throws InterruptedException {
            driver.enter(new TenureEvent.RateWish(WEST, west));
            until(
                    "the voters know",
                    () -> voters.state().find(SHOP).orElseThrow().standby(WEST) == west);
        }

        @Override
        public void allow(long untilNanos) {}

        @Override
        public void revoke() {}

        @Override
        public void serve(Term term) {}

        @Override
        public boolean stop(Term term) {
            return true;
        }

        @Override
        public void giveWay(Ownership now) {
            gaveWay = true;
        }

        @Override
        public boolean stands(Rate rating) {
            return true;
        }

        @Override
        public void close() throws IOException {
            // It waits for a lease, and for nothing else.
            writer.interrupt();
            tenures.end(driver);
            tenures.close();
            store.close();
        }
    }

    private static boolean runs(FollowingSite west) {
        GroupStatus now = west.status();
        return now.owner().equals(WEST)
                && now.vms().stream().anyMatch(vm -> vm.state().equals("running"))
                && now.tenure().orElseThrow().standing().equals("serving");
    }

    private static List<String> risks(FollowingSite west) {
        ApiReply proposed =
                west.api().ask(new ApiRequest.FailOver(SHOP, Optional.empty(), Optional.empty(), false, false));
        return ((ApiReply.FailedOver) proposed).report().risks();
    }

    private static final class Silent extends WithAnOwner {
        @Override
        void with(FollowingSite west, Owner east) throws Exception {
            east.rate(Readiness.COMPLETE);
            assertThat(west.status().tenure().orElseThrow().standing()).isEqualTo("away");
            voters.cutOff(EAST);
            until("west owns the group", () -> agreed().owner().equals(WEST));
            int then = east.acknowledged.get();
            assertThat(agreed().term()).isEqualTo(new Term(2));
            until("west's machine runs", () -> runs(west));
            assertThat(west.status().term()).isEqualTo(new Term(2));
            assertThat(east.acknowledged).hasValue(then);
            voters.reconnect(EAST);
            until("east gives way", () -> east.gaveWay);
            assertThat(east.acknowledged).hasValue(then);
        }
    }

    @Test
    void theOtherSiteServesAndAtTheSilentOneNothingIsAcknowledged() {
        OwnNetwork.run(Silent.class, directory);
    }

    private static final class Lacking extends WithAnOwner {
        @Override
        void with(FollowingSite west, Owner east) throws Exception {
            east.rate(Readiness.BEHIND);
            until(
                    "west knows",
                    () -> west.status().tenure().orElseThrow().replica().equals(Optional.of("behind")));
            assertThat(risks(west))
                    .anyMatch(risk -> risk.contains("site east renews its lease, and runs group shop"))
                    .anyMatch(risk -> risk.contains("that takes --accept-loss as well"))
                    .noneMatch(risk -> risk.contains("vouches"));
            assertThatThrownBy(() -> west.api()
                            .ask(new ApiRequest.FailOver(SHOP, Optional.empty(), Optional.empty(), true, false)))
                    .hasMessageContaining("renews its lease");
            voters.cutOff(EAST);
            until(
                    "it is said why",
                    () -> west.status()
                            .tenure()
                            .orElseThrow()
                            .finding()
                            .orElse("")
                            .contains("accepts no loss"));
            Thread.sleep(1_000);
            assertThat(agreed().owner()).isEqualTo(EAST);
            assertThat(risks(west)).anyMatch(risk -> risk.contains("the lease of site east is over"));
            assertThatThrownBy(() -> west.api()
                            .ask(new ApiRequest.FailOver(SHOP, Optional.empty(), Optional.empty(), true, false)))
                    .hasMessageContaining("--accept-loss");
            // It would wait for the address to be announced, and there is no router here.
            Thread.ofVirtual()
                    .start(() -> west.api()
                            .ask(new ApiRequest.FailOver(SHOP, Optional.empty(), Optional.empty(), true, true)));
            until("west owns the group", () -> agreed().owner().equals(WEST));
            until("west's machine runs", () -> runs(west));
        }
    }

    @Test
    void aReplicaThatLacksWritesIsAnOperatorsDecision() {
        OwnNetwork.run(Lacking.class, directory);
    }

    private static final class Renewing extends WithAnOwner {
        @Override
        void with(FollowingSite west, Owner east) throws Exception {
            east.rate(Readiness.COMPLETE);
            assertThatThrownBy(() -> west.api()
                            .ask(new ApiRequest.FailOver(SHOP, Optional.empty(), Optional.empty(), true, true)))
                    .hasMessageContaining("renews its lease");
            assertThat(agreed().owner()).isEqualTo(EAST);
            assertThat(west.status().role()).isEqualTo("following");
        }
    }

    @Test
    void whileTheOwnerRenewsItsLeaseAnOperatorIsRefused() {
        OwnNetwork.run(Renewing.class, directory);
    }
}
