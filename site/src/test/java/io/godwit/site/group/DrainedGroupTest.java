package io.godwit.site.group;

import static io.godwit.site.group.GroupAtHome.EAST;
import static io.godwit.site.group.GroupAtHome.ROOT;
import static io.godwit.site.group.GroupAtHome.WEST;
import static io.godwit.site.tenure.Until.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.ApiRequest;
import io.godwit.api.DrainReport;
import io.godwit.api.DrainReport.Fate;
import io.godwit.api.ReplicationMode;
import io.godwit.core.GroupName;
import io.godwit.migration.drain.Candidate;
import io.godwit.migration.drain.MoveEstimate.Basis;
import io.godwit.network.LeasedPorts;
import io.godwit.site.FollowingSite;
import io.godwit.site.drain.Departing;
import io.godwit.site.drain.Drain;
import io.godwit.site.drain.DrainRun;
import io.godwit.site.drain.GroupsHere;
import io.godwit.site.tenure.OneLogQuorum;
import io.godwit.site.tenure.OwnNetwork;
import io.godwit.site.tenure.Tenures;
import io.godwit.volume.DurabilityRule;
import io.godwit.volume.GroupStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What a drain finds and does at an owner with a running machine, a store and a replica at the other end of a link. */
@Timeout(300)
@EnabledIfSystemProperty(named = "user.name", matches = "root", disabledReason = "namespaces need root")
class DrainedGroupTest {
    @TempDir
    Path directory = Path.of("");

    /** Too short a time for a move that nobody has measured yet: it is synchronised, and so it stays when the replica is away. */
    private static final class TooShort implements OwnNetwork.Case {
        @Override
        public void run(Path directory) throws Exception {
            OneLogQuorum voters = new OneLogQuorum();
            try (FollowingSite west = new FollowingSite(directory.resolve("follower"))) {
                west.pair();
                try (Tenures tenures = new Tenures(EAST, voters.at(EAST), new LeasedPorts());
                        GroupAtHome east = new GroupAtHome(directory.resolve("owner"), EAST, west.owner(), tenures)) {
                    west.define(east.agent().record().definition());
                    east.agent().begin(true);
                    until("it is served", () -> east.agent().mayServe());
                    beforeThereIsACopy(east);
                    Serving serving = (Serving) east.agent().role();
                    assertThat(serving.replicator().awaitSeeded(Duration.ofSeconds(60)))
                            .isTrue();
                    drained(east, serving, west);
                    serving.guests().kill();
                }
            }
        }

        private void beforeThereIsACopy(GroupAtHome east) {
            Serving serving = (Serving) east.agent().role();
            if (!serving.replicator().status().seeded()) {
                Candidate candidate =
                        new GroupDeparture(east.agent()).look(List.of()).orElseThrow();
                assertThat(candidate.synchronous()).isFalse();
            }
        }

        private void drained(GroupAtHome east, Serving serving, FollowingSite west) throws Exception {
            GroupDeparture group = new GroupDeparture(east.agent());
            Candidate before = group.look(List.of()).orElseThrow();
            assertThat(before.obstacle()).isEmpty();
            assertThat(before.unsafe()).isEmpty();
            assertThat(before.to()).isEqualTo(WEST);
            assertThat(before.priority()).isEqualTo(5);
            assertThat(before.estimate().basis()).isEqualTo(Basis.ASSUMED);
            Drain drain = new Drain(EAST, only(group));
            ApiRequest.Drain wish = new ApiRequest.Drain(EAST, Optional.of(2), Optional.empty(), true);
            assertThat(drain.plan(wish, List.of()).groups().getFirst().fate()).isEqualTo(Fate.SYNCHRONISE);
            assertThat(serving.replicator().keepsPromise()).isFalse();
            DrainRun run = drain.begin(wish, List.of());
            assertThat(run.awaitEnd(Duration.ofSeconds(60))).isTrue();
            DrainReport.Group row = run.report().groups().getFirst();
            assertThat(row.fate()).isEqualTo(Fate.SYNCHRONOUS);
            assertThat(row.notes()).anySatisfy(note -> assertThat(note).contains("its mode was async"));
            assertThat(serving.replicator().keepsPromise()).isTrue();
            whatIsAcknowledgedIsAtTheOtherSite(serving);
            modes(east, group);
            west.whileStopped(() -> {
                until("the link is seen to be gone", () -> !serving.replicator().keepsPromise());
                Candidate cut = group.look(List.of()).orElseThrow();
                assertThat(cut.obstacle().orElseThrow()).contains("cannot be reached now");
                assertThat(cut.unsafe()).contains("its replica is not connected");
            });
        }

        private static void whatIsAcknowledgedIsAtTheOtherSite(Serving serving) throws Exception {
            DurabilityRule rule = serving.front().rule(ROOT);
            GroupStore store = serving.store();
            rule.admit(4096);
            var end = store.disk(ROOT).write(0, ByteBuffer.wrap(new byte[4096]));
            rule.awaitSafe(end);
            assertThat(serving.replicator().status().remoteDurable().reaches(end))
                    .isTrue();
        }

        /** What the drain has set is given back with the group; what somebody asks for meanwhile is not. */
        private static void modes(GroupAtHome east, GroupDeparture group) throws Exception {
            assertThat(east.agent().record().mode().kind()).isEqualTo(ReplicationMode.Kind.SYNC);
            assertThat(east.agent().source().mode().kind()).isEqualTo(ReplicationMode.Kind.ASYNC);
            assertThat(group.synchronise().done()).as("once more").isTrue();
            assertThat(east.agent().source().mode().kind()).isEqualTo(ReplicationMode.Kind.ASYNC);
            ReplicationMode.Wish sync = new ReplicationMode.Wish(
                    ReplicationMode.Kind.SYNC,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
            east.agent().modeChanger().change(sync, changing -> {});
            assertThat(east.agent().source().mode().kind()).isEqualTo(ReplicationMode.Kind.SYNC);
            assertThat(group.notes(false)).isEmpty();
            assertThat(group.notes(true)).anySatisfy(note -> assertThat(note).contains("it stands still"));
        }

        private static GroupsHere only(Departing group) {
            return new GroupsHere() {
                @Override
                public List<Departing> all() {
                    return List.of(group);
                }

                @Override
                public Map<GroupName, String> idle() {
                    return Map.of();
                }
            };
        }
    }

    @Test
    void aGroupThatCannotLeaveInTimeIsMadeSynchronousForTheTimeThatItIsHere() {
        OwnNetwork.run(TooShort.class, directory);
    }
}
