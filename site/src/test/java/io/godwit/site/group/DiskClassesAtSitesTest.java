package io.godwit.site.group;

import static io.godwit.site.group.GroupAtHome.EAST;
import static io.godwit.site.group.GroupAtHome.ROOT;
import static io.godwit.site.group.GroupAtHome.SHOP;
import static io.godwit.site.group.GroupAtHome.WEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.DiskClass;
import io.godwit.api.DiskDefinition;
import io.godwit.api.FailoverReport;
import io.godwit.api.FailoverReport.Outcome;
import io.godwit.api.GroupStatus;
import io.godwit.api.ReplicationMode;
import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.link.LinkServer;
import io.godwit.link.PeerAddress;
import io.godwit.volume.GroupStore;
import io.godwit.volume.Role;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * East owns a group with a sync disk, root, and an async one, media, under SYNC, and ships it to west over a real link that is slower than
 * what media's guest writes. Then east is lost. No machine is booted.
 */
@Timeout(180)
class DiskClassesAtSitesTest {
    private static final DiskName MEDIA = new DiskName("media");
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Term TERM = new Term(4);
    private static final int BLOCK = 4096;
    private static final int WRITES = 12;
    private static final int BULK_BYTES = 256 << 10;
    private static final int BULK_WRITES = 32;
    private static final int WRITES_A_FLUSH = 6;
    /** About half a MiB a second: the bulk would take it sixteen seconds. */
    private static final long SLOW = 2_000_000;

    private static final ReplicationMode SYNC = ReplicationMode.DEFAULT.with(new ReplicationMode.Wish(
            ReplicationMode.Kind.SYNC,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));

    @TempDir
    Path directory = Path.of("");

    private final Random random = new Random(5);
    private GroupAtHome east;
    private GroupAtHome west;
    private LinkServer server;
    private SlowLine line;
    private Shipping shipping;

    @BeforeEach
    void connect() throws Exception {
        east = site(EAST);
        west = site(WEST);
        server = new LinkServer(
                west.site().identity(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                channel -> west.agent().receiveLog(channel));
        line = new SlowLine(server.address().getPort());
        east.site()
                .identity()
                .join(
                        new PeerAddress("127.0.0.1", line.port()),
                        west.site().identity().openPairing(Duration.ofMinutes(1)),
                        new PeerAddress("127.0.0.1", 9));
        line.slowDown(SLOW);
        shipping = new Shipping(SHOP, east.site().linkTo(WEST), serving().replicator());
        assertThat(serving().replicator().awaitSeeded(PATIENCE)).isTrue();
        serving().front().follow(serving().replicator());
        assertThat(serving()
                        .replicator()
                        .become(Modes.policy(SYNC), PATIENCE, forecast -> {})
                        .done())
                .isTrue();
    }

    private GroupAtHome site(SiteName name) throws Exception {
        DiskDefinition media = new DiskDefinition(
                MEDIA,
                Optional.of(directory.resolve("media.img").toString()),
                Optional.of(ByteCount.ofMiB(16)),
                Optional.of(DiskClass.ASYNC));
        return new GroupAtHome(directory.resolve(name.value()), name, EAST, List.of(media));
    }

    @AfterEach
    void end() throws Exception {
        loseEast();
        east.close();
        west.close();
        server.close();
    }

    private void loseEast() throws Exception {
        line.close();
        shipping.close();
    }

    private Serving serving() {
        return (Serving) east.agent().role();
    }

    private Position bulk() throws Exception {
        GroupStore store = serving().store();
        Position end = store.head();
        for (int write = 0; write < BULK_WRITES; write++) {
            byte[] content = new byte[BULK_BYTES];
            random.nextBytes(content);
            end = store.disk(MEDIA).write((long) BULK_BYTES * write, ByteBuffer.wrap(content));
        }
        return end;
    }

    private void flushed(DiskName disk, Position position) throws Exception {
        serving().front().rule(disk).awaitSafe(position);
    }

    /** Writes and flushes as a database does. */
    private Position writeAndFlush() throws Exception {
        Position end = Position.START;
        for (int block = 0; block < WRITES; block++) {
            end = serving().store().disk(ROOT).write((long) BLOCK * block, ByteBuffer.wrap(content(block)));
            if ((block + 1) % WRITES_A_FLUSH == 0) {
                flushed(ROOT, end);
            }
        }
        return end;
    }

    private static byte[] content(int block) {
        byte[] content = new byte[BLOCK];
        new Random(block).nextBytes(content);
        return content;
    }

    private Position shipped() {
        return serving().replicator().status().remoteDurable();
    }

    @Test
    void whatASyncDiskFlushedIsThereWhenTheSiteIsLostThatHadNotShippedTheBulkBeforeIt() throws Exception {
        Position bulk = bulk();
        Position flushed = writeAndFlush();
        assertThat(shipped()).as("root waited for no bulk").isLessThan(bulk);
        flushed(MEDIA, bulk);
        assertThat(shipped()).as("media waited for nobody").isLessThan(bulk);
        GroupStatus status = east.agent().status();
        assertThat(status.disks())
                .extracting(GroupStatus.Disk::diskClass)
                .containsExactly(DiskClass.SYNC, DiskClass.ASYNC);
        GroupStatus.SyncDisks sync =
                status.replication().orElseThrow().syncDisks().orElseThrow();
        assertThat(sync.safe()).isGreaterThanOrEqualTo(flushed);
        assertThat(sync.lagBytes()).isEqualTo(ByteCount.ZERO);

        GroupStatus following = west.agent().status();
        assertThat(following.syncDisks().orElseThrow()).isGreaterThanOrEqualTo(flushed);
        assertThat(following.durable()).isLessThan(flushed);

        loseEast();
        west.restart();
        FailoverReport survey = survey();
        assertThat(survey.copy().shipped()).isLessThan(bulk);
        assertThat(survey.copy().syncDisks().orElseThrow()).isGreaterThanOrEqualTo(flushed);
        FailoverActs acts = new FailoverActs(west.agent(), FailoverMeasures.begin(survey));
        acts.decide(TERM);
        west.restart();
        acts = new FailoverActs(west.agent(), FailoverMeasures.begin(survey));
        acts.promote(TERM, Optional.empty());
        assertHolds();
        west.restart();
        assertHolds();
    }

    private FailoverReport survey() throws Exception {
        return FailoverSurvey.of(west.agent(), Optional.empty()).report(west.agent(), Outcome.UNDER_WAY);
    }

    private void assertHolds() throws Exception {
        GroupStore store = ((Serving) west.agent().role()).store();
        assertThat(store.role()).isEqualTo(Role.PRIMARY);
        assertThat(store.term()).isEqualTo(TERM);
        assertThat(store.early().state().held()).isEqualTo(ByteCount.ZERO);
        for (int block = 0; block < WRITES; block++) {
            ByteBuffer found = ByteBuffer.allocate(BLOCK);
            store.disk(ROOT).read((long) BLOCK * block, found);
            assertThat(found.array()).as("block %d", block).isEqualTo(content(block));
        }
        ByteBuffer last = ByteBuffer.allocate(BLOCK);
        store.disk(MEDIA).read((long) BULK_BYTES * (BULK_WRITES - 1), last);
        assertThat(last.array()).as("the end of the bulk had not arrived").containsOnly(0);
    }
}
