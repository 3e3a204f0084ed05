package io.godwit.site.group;

import static io.godwit.site.group.GroupAtHome.EAST;
import static io.godwit.site.group.GroupAtHome.ROOT;
import static io.godwit.site.group.GroupAtHome.SHOP;
import static io.godwit.site.group.GroupAtHome.WEST;
import static io.godwit.site.tenure.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ByteCount;
import io.godwit.core.Command;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.network.LeasedPorts;
import io.godwit.quorum.Holding;
import io.godwit.quorum.Ownership;
import io.godwit.quorum.QuorumAnswer;
import io.godwit.quorum.QuorumCommand;
import io.godwit.quorum.Readiness;
import io.godwit.quorum.Session;
import io.godwit.quorum.Standing;
import io.godwit.quorum.TenureEvent;
import io.godwit.replication.Mode;
import io.godwit.replication.ReplicationPolicy;
import io.godwit.replication.ReplicationPolicy.AtBound;
import io.godwit.replication.ReplicationPolicy.WhenCut;
import io.godwit.site.FollowingSite;
import io.godwit.site.guests.Guests;
import io.godwit.site.tenure.OneLogQuorum;
import io.godwit.site.tenure.OwnNetwork;
import io.godwit.site.tenure.Tenures;
import io.godwit.volume.DurabilityRule;
import io.godwit.volume.GroupStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What an owner with a running machine does as the voters say: in a network of its own, with an edge and a QEMU. */
@Timeout(300)
@EnabledIfSystemProperty(named = "user.name", matches = "root", disabledReason = "namespaces need root")
class VotedGroupTest {
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final ReplicationPolicy SYNC =
            new ReplicationPolicy(Mode.SYNC, ByteCount.ofMiB(64), ANSWER, AtBound.ALARM, WhenCut.DEGRADE, ANSWER);

    @TempDir
    Path directory = Path.of("");

    /** An owner in a network of its own. */
    private abstract static class AtTheOwner implements OwnNetwork.Case {
        final OneLogQuorum voters = new OneLogQuorum();

        @Override
        public void run(Path directory) throws Exception {
            try (FollowingSite west = new FollowingSite(directory.resolve("follower"))) {
                west.pair();
                run(west, directory.resolve("owner"));
            }
        }

        /** For what the other site does meanwhile. */
        void at(GroupAtHome east, FollowingSite west) throws Exception {
            at(east);
        }

        void at(GroupAtHome east) throws Exception {
            throw new IllegalStateException("nothing is to be tried");
        }

        private void run(FollowingSite west, Path directory) throws Exception {
            Optional<Guests> left = Optional.empty();
            try (Tenures tenures = new Tenures(EAST, voters.at(EAST), new LeasedPorts());
                    GroupAtHome east = new GroupAtHome(directory, EAST, west.owner(), tenures)) {
                left = Optional.of(new Guests(east.files(), east.agent().record()));
                west.define(east.agent().record().definition());
                at(east, west);
            } finally {
                // Nobody boots them again, now that the group was let go of.
                if (left.isPresent()) {
                    left.get().killLeftovers();
                }
            }
        }

        Ownership agreed() {
            return voters.state().find(SHOP).orElseThrow();
        }
    }

    private static String machine(GroupAtHome east) {
        return east.agent().role() instanceof Serving serving
                ? serving.guests().status().getFirst().state()
                : "gone";
    }

    /** One write that is acknowledged when this has ended. */
    private static FutureTask<Boolean> write(GroupAtHome east) {
        Serving serving = (Serving) east.agent().role();
        DurabilityRule rule = serving.front().rule(ROOT);
        GroupStore store = serving.store();
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            rule.admit(4096);
            Position end = store.disk(ROOT).write(0, ByteBuffer.wrap(new byte[4096]));
            rule.awaitSafe(end);
            return true;
        });
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    private static boolean heldByTheKernel() {
        return Command.of("nft", "list set bridge godwit held").run().contains("expires");
    }

    private static final class Founded extends AtTheOwner {
        @Override
        void at(GroupAtHome east) throws Exception {
            east.agent().begin(true);
            until("its machine runs", () -> machine(east).equals("running"));
            Ownership agreed = agreed();
            assertThat(agreed.owner()).isEqualTo(EAST);
            assertThat(agreed.term()).isEqualTo(Term.FIRST);
            assertThat(write(east).get()).isTrue();
            until("the edge lets it be heard", VotedGroupTest::heldByTheKernel);
            assertThat(east.agent().status().tenure().orElseThrow().standing()).isEqualTo("serving");
        }
    }

    @Test
    void aGroupThatIsFoundedIsRegisteredAndThenServed() {
        OwnNetwork.run(Founded.class, directory);
    }

    private static final class Away extends AtTheOwner {
        @Override
        void at(GroupAtHome east) throws Exception {
            east.agent().begin(true);
            until("its machine runs", () -> machine(east).equals("running"));
            voters.cutOff(EAST);
            until("its machine is halted", () -> machine(east).equals("halted"));
            FutureTask<Boolean> write = write(east);
            until("the kernel lets nothing out", () -> !heldByTheKernel());
            Thread.sleep(500);
            assertThat(write.isDone()).isFalse();
            assertThat(east.agent().status().role()).isEqualTo("waiting");
            voters.reconnect(EAST);
            until("its machine runs again", () -> machine(east).equals("running"));
            assertThat(write.get()).isTrue();
            until("the edge lets it be heard", VotedGroupTest::heldByTheKernel);
        }
    }

    @Test
    void whileTheVotersAreAwayNothingIsAnsweredAndThenItGoesOn() {
        OwnNetwork.run(Away.class, directory);
    }

    private static final class StartedAnew extends AtTheOwner {
        @Override
        void at(GroupAtHome east) throws Exception {
            assertThat(voters.at(EAST)
                            .ask(new QuorumCommand.Register(SHOP, EAST, new Session(7), Term.FIRST, 3_000), ANSWER))
                    .isPresent();
            voters.cutOff(EAST);
            east.agent().begin(false);
            Thread.sleep(2_000);
            assertThat(machine(east)).isEqualTo("absent");
            assertThat(east.agent().status().role()).isEqualTo("waiting");
            voters.reconnect(EAST);
            until("its machine runs", () -> machine(east).equals("running"));
        }
    }

    @Test
    void aDaemonThatIsStartedAnewServesWhenTheVotersSayThatItStillMay() {
        OwnNetwork.run(StartedAnew.class, directory);
    }

    private static final class Replaced extends AtTheOwner {
        @Override
        void at(GroupAtHome east) throws Exception {
            east.agent().begin(true);
            until("its machine runs", () -> machine(east).equals("running"));
            east.agent().tenancy().orElseThrow().driver().enter(new TenureEvent.RateWish(WEST, Readiness.BEHIND));
            until("west is known to have something", () -> agreed().standby(WEST) == Readiness.BEHIND);
            voters.cutOff(EAST);
            until("its machine is halted", () -> machine(east).equals("halted"));
            Ownership seen = agreed();
            assertThat(voters.at(WEST)
                            .ask(
                                    new QuorumCommand.Claim(
                                            SHOP, WEST, new Session(8), seen.term(), seen.number(), true),
                                    ANSWER))
                    .isPresent();
            voters.reconnect(EAST);
            until("it follows", () -> east.agent().role() instanceof Following);
            assertThat(east.agent().record().owner()).isEqualTo(WEST);
            assertThat(east.agent().record().term()).isEqualTo(new Term(2));
            assertThat(new Guests(east.files(), east.agent().record()).any()).isFalse();
        }
    }

    @Test
    void anOwnerThatWasReplacedEndsItsMachinesAndFollows() {
        OwnNetwork.run(Replaced.class, directory);
    }

    private static final class Offered extends AtTheOwner {
        @Override
        void at(GroupAtHome east) throws Exception {
            east.agent().begin(true);
            until("its machine runs", () -> machine(east).equals("running"));
            Tenancy tenancy = east.agent().tenancy().orElseThrow();
            voters.cutOff(EAST);
            assertThatThrownBy(() -> tenancy.offer(WEST)).hasMessageContaining("did not hear in time");
            voters.reconnect(EAST);
            tenancy.goOn();
            until("east serves again", tenancy::serves);
            assertThat(write(east).get()).isTrue();
            tenancy.offer(WEST);
            assertThat(agreed().standing()).isEqualTo(new Standing.Offered(WEST));
            assertThat(heldByTheKernel()).isFalse();
            FutureTask<Boolean> write = write(east);
            until("an offer that no move stands behind is taken back", tenancy::serves);
            assertThat(write.get()).isTrue();
            assertThat(agreed().term()).isEqualTo(Term.FIRST);
            until("the edge lets it be heard", VotedGroupTest::heldByTheKernel);
        }
    }

    @Test
    void whatIsOfferedIsNotServedUntilItIsTakenBack() {
        OwnNetwork.run(Offered.class, directory);
    }

    private static final class Promising extends AtTheOwner {
        @Override
        void at(GroupAtHome east, FollowingSite west) throws Exception {
            east.agent().begin(true);
            until("its machine runs", () -> machine(east).equals("running"));
            Serving serving = (Serving) east.agent().role();
            assertThat(serving.replicator().awaitSeeded(Duration.ofSeconds(60))).isTrue();
            until("the voters know of a copy", () -> agreed().standby(WEST) == Readiness.BEHIND);
            assertThat(serving.replicator()
                            .become(SYNC, Duration.ofSeconds(30), forecast -> {})
                            .done())
                    .isTrue();
            until("the voters know that it is complete", () -> agreed().standby(WEST) == Readiness.COMPLETE);
            assertThat(write(east).get()).isTrue();
            west.whileStopped(() -> {
                assertThat(write(east).get()).isTrue();
                assertThat(agreed().standby(WEST)).isEqualTo(Readiness.BEHIND);
            });
            until("it is complete again", () -> agreed().standby(WEST) == Readiness.COMPLETE);
        }
    }

    @Test
    void anOwnerThatGoesOnWithoutItsReplicaHasTheVotersKnowFirst() {
        OwnNetwork.run(Promising.class, directory);
    }

    private static final class WithoutDisks extends AtTheOwner {
        @Override
        void at(GroupAtHome east, FollowingSite west) throws Exception {
            east.agent().begin(true);
            until("its machine runs", () -> machine(east).equals("running"));
            Serving serving = (Serving) east.agent().role();
            assertThat(serving.replicator().awaitSeeded(Duration.ofSeconds(60))).isTrue();
            serving.replicator().become(SYNC, Duration.ofSeconds(30), forecast -> {});
            until("the voters know that it is complete", () -> agreed().standby(WEST) == Readiness.COMPLETE);
            refuseWritesBeyond(2 << 20);
            serving.store().disk(ROOT).write(3 << 20, ByteBuffer.wrap(new byte[4096]));
            Position end = serving.store().head();
            serving.store().awaitDurable(end);
            assertThatThrownBy(() -> serving.store().awaitImages(end)).hasMessageContaining("the store stopped");
            until(
                    "its storage has failed",
                    () -> serving.store().status().failure().isPresent());
            until("it is given up", () -> agreed().standing() instanceof Standing.Released);
            assertThat(east.agent().status().tenure().orElseThrow().standing()).isEqualTo("away");
            assertThat(heldByTheKernel()).isFalse();
            Ownership released = agreed();
            QuorumCommand claim =
                    new QuorumCommand.Claim(SHOP, WEST, new Session(7), released.term(), released.number(), false);
            assertThat(voters.at(WEST).ask(claim, ANSWER).orElseThrow()).isInstanceOf(QuorumAnswer.Granted.class);
            until("it gives way all the same", () -> east.agent().role() instanceof Following);
            assertThat(east.agent().record().owner()).isEqualTo(WEST);
        }

        /** As a disk would that fails, under the image: the kernel refuses what this process, which is the test's own, writes so far into a file. */
        private static void refuseWritesBeyond(int bytes) {
            Command.of("prlimit", "--pid", Long.toString(ProcessHandle.current().pid()), "--fsize=" + bytes)
                    .run();
        }
    }

    @Test
    void anOwnerWhoseStorageFailedGivesTheGroupUpAndThenGivesWay() {
        OwnNetwork.run(WithoutDisks.class, directory);
    }

    /** East follows; what the owner does at west is told to the voters alone. */
    private static final class Taking implements OwnNetwork.Case {
        private static final Session RUN = new Session(9);

        private final OneLogQuorum voters = new OneLogQuorum();

        @Override
        public void run(Path directory) throws Exception {
            try (FollowingSite peer = new FollowingSite(directory.resolve("peer"))) {
                peer.pair();
                try (Tenures tenures = new Tenures(EAST, voters.at(EAST), new LeasedPorts());
                        GroupAtHome east = new GroupAtHome(directory.resolve("here"), WEST, peer.owner(), tenures)) {
                    take(east);
                }
            }
        }

        private void take(GroupAtHome east) throws Exception {
            ask(new QuorumCommand.Register(SHOP, WEST, RUN, Term.FIRST, 3_000));
            Tenancy tenancy = east.agent().tenancy().orElseThrow();
            tenancy.start();
            assertThat(tenancy.accept(new Term(2))).contains("did not let the group change hands");
            FutureTask<String> taking = new FutureTask<>(() -> tenancy.accept(new Term(2)));
            Thread.ofPlatform().daemon().start(taking);
            Thread.sleep(200);
            assertThat(taking.isDone()).as("nothing is offered yet").isFalse();
            ask(new QuorumCommand.Offer(new Holding(SHOP, WEST, RUN, Term.FIRST, 1), EAST));
            assertThat(taking.get()).isEmpty();
            Ownership agreed = voters.state().find(SHOP).orElseThrow();
            assertThat(agreed.owner()).isEqualTo(EAST);
            assertThat(agreed.term()).isEqualTo(new Term(2));
            until("its disks may answer", () -> east.agent().lease().lasts());
            // The move ends here: what the voters gave is served from the disks.
            until("it is served", () -> machine(east).equals("running"));
            assertThat(east.agent().record().term()).isEqualTo(new Term(2));
            ((Serving) east.agent().role()).guests().kill();
        }

        private void ask(QuorumCommand command) throws InterruptedException {
            assertThat(voters.at(WEST).ask(command, ANSWER).orElseThrow()).isInstanceOf(QuorumAnswer.Granted.class);
        }
    }

    @Test
    void whatIsOfferedHereIsTakenAndServedWhateverBecomesOfTheMove() {
        OwnNetwork.run(Taking.class, directory);
    }

    private static final class Removed extends AtTheOwner {
        @Override
        void at(GroupAtHome east) throws Exception {
            east.agent().begin(true);
            until("its machine runs", () -> machine(east).equals("running"));
            assertThat(new Dissolution(east.agent()).carryOut(Duration.ZERO)).hasSize(1);
            assertThat(voters.state().find(SHOP)).isEmpty();
            try (Tenures later = new Tenures(EAST, voters.at(EAST), new LeasedPorts())) {
                assertThat(later.firstTerm(SHOP))
                        .as("of a group of the same name")
                        .isEqualTo(new Term(2));
            }
            // For whoever ends the test.
            east.takeUp();
        }
    }

    @Test
    void whatIsRemovedIsNobodysToClaim() {
        OwnNetwork.run(Removed.class, directory);
    }
}
