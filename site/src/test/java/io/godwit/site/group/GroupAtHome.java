package io.godwit.site.group;

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
import io.godwit.network.BgpSpeaker;
import io.godwit.network.Edge;
import io.godwit.site.SiteConfig;
import io.godwit.site.SiteContext;
import io.godwit.site.disks.DiskReaders;
import io.godwit.site.files.GroupFiles;
import io.godwit.site.files.GroupRecord;
import io.godwit.site.tenure.Tenures;
import io.godwit.volume.GroupStore;
import io.godwit.volume.Role;
import io.godwit.volume.StoreLimits;
import io.godwit.volume.nbd.NbdServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What site east, the home of the group shop, or west has of it, owned by either, as a daemon finds it that has just begun. Nothing
 * runs. West has no copy yet.
 */
final class GroupAtHome implements AutoCloseable {
    static final SiteName EAST = new SiteName("east");
    static final SiteName WEST = new SiteName("west");
    static final GroupName SHOP = new GroupName("shop");
    static final DiskName ROOT = new DiskName("root");

    private final SiteContext site;
    private final GroupFiles files;
    private final Optional<Tenures> tenures;
    private GroupAgent agent;

    GroupAtHome(Path directory, SiteName owner) throws Exception {
        this(
                directory,
                EAST,
                owner,
                List.of(),
                SiteIdentity.create(directory.resolve("identity"), EAST),
                Optional.empty());
    }

    /** @param identity of the site, which may have peers */
    GroupAtHome(Path directory, SiteName owner, SiteIdentity identity) throws Exception {
        this(directory, EAST, owner, List.of(), identity, Optional.empty());
    }

    /** @param tenures of the site, where voters decide */
    GroupAtHome(Path directory, SiteName owner, SiteIdentity identity, Tenures tenures) throws Exception {
        this(directory, EAST, owner, List.of(), identity, Optional.of(tenures));
    }

    /** @param more disks than the first one */
    GroupAtHome(Path directory, SiteName here, SiteName owner, List<DiskDefinition> more) throws Exception {
        this(directory, here, owner, more, SiteIdentity.create(directory.resolve("identity"), here), Optional.empty());
    }

    /** @param changed the group as it is to be, from one of a single machine */
    GroupAtHome(Path directory, SiteIdentity identity, UnaryOperator<GroupDefinition> changed) throws Exception {
        this(directory, EAST, EAST, changed.apply(definition(directory, List.of())), identity, Optional.empty());
    }

    private GroupAtHome(
            Path directory,
            SiteName here,
            SiteName owner,
            List<DiskDefinition> more,
            SiteIdentity identity,
            Optional<Tenures> tenures)
            throws Exception {
        this(directory, here, owner, definition(directory, more), identity, tenures);
    }

    private GroupAtHome(
            Path directory,
            SiteName here,
            SiteName owner,
            GroupDefinition definition,
            SiteIdentity identity,
            Optional<Tenures> tenures)
            throws Exception {
        this.tenures = tenures;
        SiteConfig config = new SiteConfig(
                here,
                directory.resolve("state").toString(),
                Files.createDirectories(directory.resolve("run")).toString(),
                directory.resolve("ram").toString(),
                "127.0.0.1:7400",
                "127.0.0.1",
                new SiteConfig.Service("gwnowhere0", "10.90.0.1/24", "52:54:00:67:77:01"),
                50051,
                Optional.empty(),
                Optional.empty());
        this.site = new SiteContext(
                config,
                identity,
                new Edge(config.serviceNet(), new BgpSpeaker(config.bgpPort())),
                NbdServer.takingUp(config.disksSocket()),
                DiskReaders.none(),
                () -> Accelerator.TCG);
        this.files = new GroupFiles(config, SHOP);
        files.makeDirectories();
        if (here.equals(EAST)) {
            createStore(definition, owner.equals(EAST) ? Role.PRIMARY : Role.REPLICA);
        }
        record(definition, owner);
        this.agent = GroupAgent.prepare(site, tenures, SHOP);
    }

    private static GroupDefinition definition(Path directory, List<DiskDefinition> more) {
        List<DiskDefinition> disks = new ArrayList<>();
        disks.add(new DiskDefinition(ROOT, directory.resolve("root.img").toString(), Optional.of(ByteCount.ofMiB(4))));
        disks.addAll(more);
        VmDefinition vm =
                new VmDefinition(new VmName("db"), ByteCount.ofMiB(64), 1, "10.90.0.10", "52:54:00:00:00:0a", disks);
        return new GroupDefinition(SHOP, WEST, List.of(vm));
    }

    private void createStore(GroupDefinition definition, Role role) throws IOException {
        GroupStore.create(
                        files.store(),
                        files.disks(definition, true),
                        role,
                        Term.FIRST,
                        Position.START,
                        StoreLimits.DEFAULT)
                .close();
    }

    private void record(GroupDefinition definition, SiteName owner) {
        files.save(new GroupRecord(
                definition,
                EAST,
                owner,
                Term.FIRST,
                MachineType.newest(Accelerator.TCG),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    SiteContext site() {
        return site;
    }

    GroupAgent agent() {
        return agent;
    }

    GroupFiles files() {
        return files;
    }

    /** The daemon dies, and another one takes the group up. */
    void restart() throws Exception {
        agent.leave();
        takeUp();
    }

    /** Another daemon takes the group up. */
    void takeUp() throws Exception {
        agent = GroupAgent.prepare(site, tenures, SHOP);
    }

    @Override
    public void close() throws IOException {
        agent.leave();
        site.disks().close();
    }
}
