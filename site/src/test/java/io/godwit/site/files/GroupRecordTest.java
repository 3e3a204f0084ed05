package io.godwit.site.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.DiskDefinition;
import io.godwit.api.GroupDefinition;
import io.godwit.api.HistoryBounds;
import io.godwit.api.ReplicationMode;
import io.godwit.api.VmDefinition;
import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import io.godwit.core.json.Json;
import io.godwit.hypervisor.Accelerator;
import io.godwit.hypervisor.MachineType;
import io.godwit.migration.HandOver;
import io.godwit.migration.MoveId;
import io.godwit.site.guests.Ports;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GroupRecordTest {
    private static final SiteName EAST = new SiteName("east");
    private static final SiteName WEST = new SiteName("west");

    private static final ReplicationMode.Wish SYNC = new ReplicationMode.Wish(
            ReplicationMode.Kind.SYNC,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    private static final GroupRecord FOUNDED = new GroupRecord(
            new GroupDefinition(
                    new GroupName("shop"),
                    WEST,
                    List.of(new VmDefinition(
                            new VmName("db"),
                            ByteCount.ofMiB(256),
                            1,
                            "10.90.0.10",
                            "52:54:00:00:00:0a",
                            List.of(new DiskDefinition(
                                    new DiskName("root"), "/srv/shop.raw", Optional.of(ByteCount.ofMiB(64))))))),
            EAST,
            EAST,
            Term.FIRST,
            MachineType.newest(Accelerator.TCG),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    @Test
    void whatWasSaidOfThePastLaterIsInForce() {
        HistoryBounds said = new HistoryBounds(ByteCount.ofMiB(64), 60);
        assertThat(FOUNDED.inForce()).isEqualTo(FOUNDED.definition());
        assertThat(FOUNDED.with(said).inForce().history()).contains(said);
    }

    @Test
    void survivesTheDaemonWithEveryDecision() {
        MoveId move = MoveId.fresh();
        List<GroupRecord> records = List.of(
                FOUNDED,
                FOUNDED.with(ReplicationMode.DEFAULT.with(SYNC)),
                FOUNDED.with(new HistoryBounds(ByteCount.ofMiB(512), 600)),
                FOUNDED.with(new HandOver.Undecided(move)),
                FOUNDED.with(new HandOver.Refused(move, "no room")),
                FOUNDED.with(new HandOver.Taken(move, new Term(2))).ownedBy(WEST, new Term(2)));
        for (GroupRecord record : records) {
            assertThat(Json.read(Json.pretty(record), GroupRecord.class, "the record"))
                    .isEqualTo(record);
        }
    }

    @Test
    void aRecordFromBeforeThereWereModesIsAsynchronous() {
        String old = Json.line(FOUNDED).replaceFirst(",\"replication\":null", "");
        assertThat(old).doesNotContain("replication");
        GroupRecord read = Json.read(old, GroupRecord.class, "the record");
        assertThat(read).isEqualTo(FOUNDED);
        assertThat(read.mode().kind()).isEqualTo(ReplicationMode.Kind.ASYNC);
    }

    @Test
    void theModeStaysWithTheGroupWhoeverOwnsIt() {
        ReplicationMode sync = ReplicationMode.DEFAULT.with(SYNC);
        GroupRecord moved = FOUNDED.with(sync)
                .with(new HandOver.Taken(MoveId.fresh(), new Term(2)))
                .ownedBy(WEST, new Term(2));
        assertThat(moved.mode()).isEqualTo(sync);
    }

    @Test
    void thePeerIsTheOtherSiteFromBothSides() {
        assertThat(FOUNDED.peerOf(EAST)).isEqualTo(WEST);
        assertThat(FOUNDED.peerOf(WEST)).isEqualTo(EAST);
        assertThat(FOUNDED.ownedBy(WEST, new Term(2)).peerOf(WEST)).isEqualTo(EAST);
    }

    @Test
    void aTapsNameIsTheSameEverywhereAndFitsLinux() {
        String tap = Ports.tap(new GroupName("a-group-with-quite-a-long-name"), new VmName("db"));
        assertThat(tap)
                .hasSizeLessThanOrEqualTo(15)
                .isEqualTo(Ports.tap(new GroupName("a-group-with-quite-a-long-name"), new VmName("db")));
        assertThat(tap).isNotEqualTo(Ports.tap(new GroupName("a-group-with-quite-a-long-name"), new VmName("web")));
    }
}
