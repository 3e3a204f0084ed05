package io.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.ApiReply;
import io.godwit.api.DiskClass;
import io.godwit.api.FailoverTestStatus;
import io.godwit.api.GroupStatus;
import io.godwit.api.PointsReport;
import io.godwit.api.ReplicationMode;
import io.godwit.api.SiteStatus;
import io.godwit.cli.FakeSite.Ran;
import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import io.godwit.core.json.Json;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What status shows of a group whose disks are of different classes. */
class StatusCommandTest {
    private static final GroupStatus.Replication REPLICATION = new GroupStatus.Replication(
            ReplicationMode.DEFAULT,
            "flushes",
            1_250,
            9_000,
            40_500,
            12_500_000,
            3_000_000,
            List.of(),
            Optional.empty(),
            true,
            true,
            new ByteCount(1_000),
            new ByteCount(2_000),
            new GroupStatus.Seeding(false, new ByteCount(900), 0, Optional.empty(), Optional.empty(), false),
            new ByteCount(70_000_000),
            1_250,
            Optional.of(new GroupStatus.SyncDisks(new Position(8_904), new ByteCount(96))),
            new ByteCount(5_000),
            new ByteCount(600),
            new GroupStatus.Compression(1, "link", new ByteCount(7_000), new ByteCount(4_000)));

    @RegisterExtension
    final FakeSite site = new FakeSite();

    private static SiteStatus status(
            String role, Optional<Position> syncDisks, Optional<GroupStatus.Replication> replication) {
        return status(role, syncDisks, replication, Optional.empty());
    }

    private static SiteStatus status(
            String role,
            Optional<Position> syncDisks,
            Optional<GroupStatus.Replication> replication,
            Optional<FailoverTestStatus> test) {
        GroupStatus shop = new GroupStatus(
                new GroupName("shop"),
                role,
                new SiteName("east"),
                new SiteName("west"),
                new Term(3),
                8,
                new Position(9_000),
                new Position(8_000),
                new Position(7_000),
                syncDisks,
                replication,
                List.of(),
                List.of(
                        new GroupStatus.Disk(new DiskName("root"), DiskClass.SYNC, ByteCount.ofMiB(4)),
                        new GroupStatus.Disk(new DiskName("media"), DiskClass.ASYNC, ByteCount.ofMiB(8))),
                Optional.empty(),
                Optional.empty(),
                test,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new SiteStatus(
                new SiteName("east"), "0.1.0", "AB:CD", List.of(), List.of(shop), List.of(), Optional.empty());
    }

    private Ran run(SiteStatus status, String... words) {
        return site.run(List.of(new ApiReply.Status(status)), words);
    }

    @Test
    void theOwnerShowsWhatOfSyncDisksIsSafeAtTheOtherSite() {
        SiteStatus serving = status("serving", Optional.empty(), Optional.of(REPLICATION));
        Ran ran = run(serving, "status");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out())
                .contains("priority    8")
                .contains("disk        root: 4.00 MiB, sync")
                .contains("disk        media: 8.00 MiB, async: its flushes wait for nobody")
                .contains("sync disks  safe at west up to 8904, 96 B behind");
        assertThat(Json.read(run(serving, "status", "--json").out(), SiteStatus.class, "the output"))
                .isEqualTo(serving);
    }

    @Test
    void theFollowerShowsUpToWhereItHasThem() {
        SiteStatus following = status("following", Optional.of(new Position(8_904)), Optional.empty());
        assertThat(run(following, "status").out()).contains("sync disks  here up to 8904");
        assertThat(Json.read(run(following, "status", "--json").out(), SiteStatus.class, "the output"))
                .isEqualTo(following);
    }

    @Test
    void aTestThatIsUpIsShown() {
        FailoverTestStatus test = new FailoverTestStatus(
                "kept",
                Optional.of(new PointsReport.Point(new Position(8_000), Optional.empty())),
                Optional.of("p1"),
                List.of(new VmName("db")),
                2,
                35_400);
        SiteStatus following = status("following", Optional.empty(), Optional.empty(), Optional.of(test));
        assertThat(run(following, "status").out())
                .contains("of a failover, kept, begun 35 s ago: 1 of 2 machines have answered; its disks are as at"
                        + " position 8000 ('godwit failover shop --end-test' ends it)");
        assertThat(Json.read(run(following, "status", "--json").out(), SiteStatus.class, "the output"))
                .isEqualTo(following);
    }

    @Test
    void aGroupThatCannotBeTakenUpIsShownWithTheReason() {
        SiteStatus idle = new SiteStatus(
                new SiteName("east"),
                "0.1.0",
                "AB:CD",
                List.of(),
                List.of(),
                List.of(new SiteStatus.Idle(new GroupName("shop"), "its image is away")),
                Optional.empty());
        assertThat(run(idle, "status").out())
                .contains("group shop: cannot be taken up")
                .contains("trouble     its image is away");
    }

    @Test
    void theVotersAreShownWithWhatIsWrongWithThem() {
        List<SiteName> voters = List.of(new SiteName("east"), new SiteName("west"), new SiteName("witness"));
        SiteStatus voting = new SiteStatus(
                new SiteName("east"),
                "0.1.0",
                "AB:CD",
                List.of(),
                List.of(),
                List.of(),
                Optional.of(new SiteStatus.Voting(
                        Optional.of(new SiteName("west")),
                        voters,
                        voters.subList(0, 2),
                        Optional.of("voter witness does not answer"))));
        assertThat(run(voting, "status").out())
                .contains("voters 2 of 3 reachable, west leads; voter witness does not answer");
        assertThat(Json.read(run(voting, "status", "--json").out(), SiteStatus.class, "the output"))
                .isEqualTo(voting);
    }
}
