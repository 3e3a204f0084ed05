package io.godwit.site.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.api.ApiRequest;
import io.godwit.api.CopyReport;
import io.godwit.api.DiskClass;
import io.godwit.api.DiskDefinition;
import io.godwit.api.GroupDefinition;
import io.godwit.api.MoveOptions;
import io.godwit.api.SeedingWish;
import io.godwit.api.VmDefinition;
import io.godwit.core.BitRate;
import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import io.godwit.core.json.Json;
import io.godwit.hypervisor.Accelerator;
import io.godwit.hypervisor.MachineType;
import io.godwit.link.SiteIdentity;
import io.godwit.network.BgpSpeaker;
import io.godwit.network.Edge;
import io.godwit.replication.SeedStatus;
import io.godwit.site.SiteConfig;
import io.godwit.site.SiteContext;
import io.godwit.site.disks.DiskReaders;
import io.godwit.site.files.GroupFiles;
import io.godwit.site.files.GroupRecord;
import io.godwit.volume.CarriedCopy;
import io.godwit.volume.GroupStore;
import io.godwit.volume.Role;
import io.godwit.volume.StoreLimits;
import io.godwit.volume.nbd.NbdServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people may ask of the owner about copies of its disks. The group's machines are not started. */
@Timeout(120)
class OwnedGroupTest {
    private static final SiteName EAST = new SiteName("east");
    private static final SiteName WEST = new SiteName("west");
    private static final GroupName SHOP = new GroupName("shop");
    private static final DiskName ROOT = new DiskName("root");
    private static final DiskName SWAP = new DiskName("swap");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory = Path.of("");

    private SiteContext site;
    private GroupAgent agent;

    @BeforeEach
    void begin() throws Exception {
        SiteConfig config = new SiteConfig(
                EAST,
                directory.resolve("state").toString(),
                Files.createDirectories(directory.resolve("run")).toString(),
                directory.resolve("ram").toString(),
                "127.0.0.1:7400",
                "127.0.0.1",
                new SiteConfig.Service("gwnowhere0", "10.90.0.1/24", "52:54:00:67:77:01"),
                50051,
                Optional.empty(),
                Optional.empty());
        Edge edge = new Edge(config.serviceNet(), new BgpSpeaker(config.bgpPort()));
        SiteIdentity identity = SiteIdentity.create(directory.resolve("identity"), EAST);
        site = new SiteContext(
                config,
                identity,
                edge,
                NbdServer.takingUp(config.disksSocket()),
                DiskReaders.none(),
                () -> Accelerator.TCG);
        found(new GroupFiles(config, SHOP));
        agent = GroupAgent.prepare(site, SHOP);
    }

    private void found(GroupFiles files) throws IOException {
        DiskDefinition disk =
                new DiskDefinition(ROOT, directory.resolve("root.img").toString(), Optional.of(ByteCount.ofMiB(4)));
        DiskDefinition scratch = new DiskDefinition(
                SWAP, Optional.empty(), Optional.of(ByteCount.ofMiB(4)), Optional.of(DiskClass.SCRATCH));
        VmDefinition vm = new VmDefinition(
                new VmName("db"), ByteCount.ofMiB(64), 1, "10.90.0.10", "52:54:00:00:00:0a", List.of(disk, scratch));
        GroupDefinition definition = new GroupDefinition(SHOP, WEST, List.of(vm));
        files.makeDirectories();
        GroupStore.create(
                        files.store(),
                        files.disks(definition, true),
                        Role.PRIMARY,
                        Term.FIRST,
                        Position.START,
                        StoreLimits.DEFAULT)
                .close();
        files.save(new GroupRecord(
                definition,
                EAST,
                EAST,
                Term.FIRST,
                MachineType.newest(Accelerator.TCG),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    @AfterEach
    void end() throws Exception {
        agent.leave();
        site.disks().close();
    }

    private Serving serving() {
        return (Serving) agent.role();
    }

    private SeedStatus seed() {
        return serving().replicator().status().seed();
    }

    private void restart() throws Exception {
        agent.leave();
        agent = GroupAgent.prepare(site, SHOP);
    }

    private static SeedingWish wish(Optional<String> rate, boolean unlimited, Optional<Boolean> paused) {
        return new SeedingWish(rate.map(BitRate::parse), unlimited, paused);
    }

    private static void assertRefused(ThrowingCallable call, String sentence) {
        assertThatThrownBy(call).isInstanceOfSatisfying(GodwitException.class, refusal -> {
            assertThat(refusal.sentence()).contains(sentence);
            assertThat(refusal.code().refused()).as(refusal.code().toString()).isTrue();
        });
    }

    @Test
    void copiesArePacedAsWasSaidLastAlsoAfterARestart() throws Exception {
        assertThat(seed().paused()).isFalse();
        assertThat(seed().maxBytesPerSecond()).isEmpty();
        assertThat(agent.copies().seed(wish(Optional.of("80mbit"), false, Optional.empty())))
                .isEqualTo("copies of the disks send at most 80mbit");
        assertThat(seed().maxBytesPerSecond()).isEqualTo(OptionalLong.of(10_000_000));
        assertThat(agent.copies().seed(wish(Optional.empty(), false, Optional.of(true))))
                .isEqualTo("copies of the disks are paused");
        restart();
        assertThat(seed().paused()).isTrue();
        assertThat(seed().maxBytesPerSecond()).isEqualTo(OptionalLong.of(10_000_000));
        assertThat(agent.copies().seed(wish(Optional.empty(), false, Optional.of(false))))
                .isEqualTo("copies of the disks send at most 80mbit");
        assertThat(agent.copies().seed(wish(Optional.empty(), true, Optional.empty())))
                .isEqualTo("copies of the disks send as much as the link carries");
        restart();
        assertThat(seed().paused()).isFalse();
        assertThat(seed().maxBytesPerSecond()).isEmpty();
    }

    @Test
    void aWishThatContradictsItselfIsRefused() {
        assertRefused(() -> wish(Optional.of("80mbit"), true, Optional.empty()), "either");
        assertRefused(() -> wish(Optional.empty(), false, Optional.empty()), "nothing is said");
        String empty = "{\"request\":\"set-seeding\",\"group\":\"shop\",\"wish\":"
                + "{\"maxRate\":null,\"unlimited\":false,\"paused\":null}}";
        assertRefused(() -> Json.read(empty, ApiRequest.class, "the request"), "nothing is said");
        String slow = empty.replace("null,\"unl", "\"1bit\",\"unl");
        assertRefused(() -> Json.read(slow, ApiRequest.class, "the request"), "is not a rate");
    }

    @Test
    void aRequestSurvivesTheApi() {
        ApiRequest request = new ApiRequest.SetSeeding(SHOP, wish(Optional.of("80mbit"), false, Optional.of(true)));
        assertThat(Json.read(Json.line(request), ApiRequest.class, "a request")).isEqualTo(request);
        ApiRequest export = new ApiRequest.ExportGroup(SHOP, "/mnt/shop", Optional.of(BitRate.parse("1gbit")));
        assertThat(Json.read(Json.line(export), ApiRequest.class, "a request")).isEqualTo(export);
    }

    @Test
    void nothingIsSetAsideAtASiteThatWasNeverReplaced() throws Exception {
        assertThat(agent.copies().setAside().entries()).isEmpty();
        assertRefused(() -> agent.copies().drop("8-16"), "nothing was set aside as '8-16'");
    }

    @Test
    void theDisksAreExportedOnceAtATime() throws Exception {
        serving().store().disk(ROOT).write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        Path medium = directory.resolve("medium");
        CopyTask slow = agent.carried().exportTo(medium, Optional.of(BitRate.parse("1kbit")));
        assertRefused(
                () -> agent.carried().exportTo(directory.resolve("other"), Optional.empty()),
                "is being exported or imported here already");
        slow.giveUp("the test has changed its mind");
        assertThat(slow.awaitEnd(PATIENCE)).isTrue();
        assertThatThrownBy(slow::report).hasMessageContaining("has changed its mind");
        CopyTask whole = agent.carried().exportTo(medium, Optional.empty());
        assertThat(whole.awaitEnd(PATIENCE)).isTrue();
        CopyReport report = whole.report();
        assertThat(report.disks()).hasSize(1);
        assertThat(whole.progress().step()).isEqualTo("verifying");
        CarriedCopy copy = new CarriedCopy(medium);
        assertThat(copy.manifest().end().position()).isEqualTo(report.position());
        assertRefused(() -> agent.carried().importFrom(copy, copy.manifest()), "group shop runs here");
        CopyTask again = agent.carried().exportTo(medium, Optional.empty());
        assertThat(again.awaitEnd(PATIENCE)).isTrue();
        assertRefused(again::report, "is not empty");
        assertThat(Files.exists(medium.resolve("godwit-copy"))).isTrue();
    }

    @Test
    void itIsNotMovedWhileAScratchDiskHoldsWhatARunningMachineWouldLose() throws Exception {
        MoveOptions dropping = new MoveOptions(true, Optional.empty(), Optional.of(true));
        assertRefused(() -> agent.source().migrate(WEST, MoveOptions.DEFAULT), "cannot be reached now");
        Files.write(new GroupFiles(site.config(), SHOP).scratchDisk(SWAP), new byte[] {1});
        assertRefused(() -> agent.source().migrate(WEST, MoveOptions.DEFAULT), "scratch disk swap holds something");
        assertRefused(() -> agent.source().migrate(WEST, dropping), "cannot be reached now");
    }

    @Test
    void aStopEndsAnExport() throws Exception {
        serving().store().disk(ROOT).write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        Path medium = directory.resolve("medium");
        CopyTask slow = agent.carried().exportTo(medium, Optional.of(BitRate.parse("1kbit")));
        restart();
        assertThatThrownBy(slow::report).hasMessageContaining("the site is stopping");
        assertThat(medium).isEmptyDirectory();
    }
}
