package io.godwit.site.disks;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.DiskClass;
import io.godwit.api.DiskDefinition;
import io.godwit.api.GroupDefinition;
import io.godwit.api.VmDefinition;
import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import io.godwit.hypervisor.Accelerator;
import io.godwit.hypervisor.MachineType;
import io.godwit.link.SiteIdentity;
import io.godwit.migration.MoveId;
import io.godwit.network.BgpSpeaker;
import io.godwit.network.Edge;
import io.godwit.site.SiteConfig;
import io.godwit.site.SiteContext;
import io.godwit.site.files.GroupFiles;
import io.godwit.site.files.GroupRecord;
import io.godwit.site.move.IncomingMove;
import io.godwit.site.tenure.DiskLease;
import io.godwit.volume.BlockDevice;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.GroupStore;
import io.godwit.volume.Role;
import io.godwit.volume.StoreLimits;
import io.godwit.volume.nbd.NbdExport;
import io.godwit.volume.nbd.NbdServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scratch disks come with a group, empty, and go with it. */
class ScratchDisksTest {
    private static final ByteCount SIZE = ByteCount.ofMiB(8);
    private static final GroupName SHOP = new GroupName("shop");
    private static final DiskName SWAP = new DiskName("swap");
    private static final GroupDefinition DEFINITION = new GroupDefinition(
            SHOP,
            new SiteName("west"),
            List.of(new VmDefinition(
                    new VmName("db"),
                    ByteCount.ofMiB(256),
                    1,
                    "10.90.0.10",
                    "52:54:00:00:00:0a",
                    List.of(
                            new DiskDefinition(new DiskName("root"), "/srv/shop.raw", Optional.of(SIZE)),
                            new DiskDefinition(
                                    SWAP, Optional.empty(), Optional.of(SIZE), Optional.of(DiskClass.SCRATCH))))));

    @TempDir
    Path directory = Path.of("");

    private GroupFiles files;

    @BeforeEach
    void configure() throws IOException {
        String config = """
                {"name": "east", "stateDir": "%1$s/state", "runDir": "%1$s/run", "ramDir": "%1$s/ram",
                 "listen": "192.0.2.1:7400", "underlay": "192.0.2.1", "bgpPort": 50051,
                 "service": {"bridge": "gwservice", "gateway": "10.90.0.1/24", "gatewayMac": "52:54:00:67:77:01"}}
                """.formatted(directory);
        files = new GroupFiles(SiteConfig.load(Files.writeString(directory.resolve("site.json"), config)), SHOP);
        files.makeDirectories();
    }

    private static int first(NbdExport export) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        export.disk().read(0, one);
        return one.get(0);
    }

    private ScratchDisks open() throws IOException {
        return ScratchDisks.open(files, DEFINITION);
    }

    @Test
    void theyAreNoDisksOfTheLog() {
        assertThat(files.disks(DEFINITION, true).stream().map(DiskSpec::name)).containsExactly(new DiskName("root"));
    }

    @Test
    void theyAreOfferedUnderTheirNamesAndNobodyWaitsForAReplica() throws Exception {
        try (ScratchDisks scratch = open()) {
            NbdExport export = scratch.exports().getFirst();
            assertThat(export.name()).isEqualTo("shop/swap");
            assertThat(export.readOnly()).isFalse();
            BlockDevice disk = export.disk();
            assertThat(disk.size()).isEqualTo(SIZE);
            assertThat(disk.write(0, ByteBuffer.wrap(new byte[] {7}))).isEqualTo(Position.START);
            export.rule().awaitSafe(disk.head());
        }
    }

    @Test
    void whatIsWrittenSurvivesTheDaemonAndNotTheGroupsLeaving() throws Exception {
        try (ScratchDisks scratch = open()) {
            scratch.exports().getFirst().disk().write(0, ByteBuffer.wrap(new byte[] {7}));
        }
        try (ScratchDisks scratch = open()) {
            assertThat(first(scratch.exports().getFirst())).isEqualTo(7);
        }
        ScratchDisks.discard(files, DEFINITION);
        assertThat(files.scratchDisk(SWAP)).doesNotExist();
        try (ScratchDisks scratch = open()) {
            assertThat(first(scratch.exports().getFirst())).isZero();
        }
    }

    private SiteContext site() throws IOException {
        SiteConfig config = files.config();
        Files.createDirectories(directory.resolve("run"));
        return new SiteContext(
                config,
                SiteIdentity.create(directory.resolve("identity"), config.name()),
                new Edge(config.serviceNet(), new BgpSpeaker(config.bgpPort())),
                NbdServer.takingUp(config.disksSocket()),
                DiskReaders.none(),
                () -> Accelerator.TCG);
    }

    private GroupStore makeStore(Role role) throws IOException {
        return GroupStore.create(
                files.store(),
                List.of(new DiskSpec(new DiskName("root"), SIZE, directory.resolve("root.raw"))),
                role,
                Term.FIRST,
                Position.START,
                StoreLimits.DEFAULT);
    }

    @Test
    void aMachineThatArrivesFindsThemUnderTheirNamesAndBlankWhateverAnEarlierStayLeft() throws Exception {
        Files.write(files.scratchDisk(SWAP), new byte[(int) SIZE.bytes() / 2]);
        GroupRecord record = new GroupRecord(
                DEFINITION,
                new SiteName("west"),
                new SiteName("west"),
                Term.FIRST,
                MachineType.newest(Accelerator.TCG),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        SiteContext site = site();
        try (NbdServer _ = site.disks();
                GroupStore store = makeStore(Role.REPLICA)) {
            IncomingMove move =
                    new IncomingMove(site, files, record, MoveId.fresh(), false, store, DiskLease.unbound());
            try (DiskFront front = move.front()) {
                assertThat(front.exports()).containsExactlyInAnyOrder("shop/root", "shop/swap");
                assertThat(files.scratchDisk(SWAP)).hasSize(SIZE.bytes());
                front.requireBlankScratch();
            }
        }
    }

    @Test
    void nothingOfThemIsInTheLog() throws Exception {
        makeStore(Role.PRIMARY).close();
        SiteContext site = site();
        try (NbdServer _ = site.disks();
                GroupStore store = GroupStore.open(files.store(), StoreLimits.DEFAULT);
                DiskFront front = DiskFront.expecting(site, files, DEFINITION, store, DiskLease.unbound())) {
            Position before = store.head();
            assertThat(front.exports()).containsExactlyInAnyOrder("shop/root", "shop/swap");
            assertThat(store.head()).isEqualTo(before);
        }
    }
}
