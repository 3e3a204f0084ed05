package io.godwit.site;

import io.godwit.api.ApiClient;
import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.CopyReport;
import io.godwit.api.DiskDefinition;
import io.godwit.api.GroupDefinition;
import io.godwit.api.GroupStatus;
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
import io.godwit.link.Link;
import io.godwit.link.LinkServer;
import io.godwit.link.PairingToken;
import io.godwit.link.PeerAddress;
import io.godwit.link.SiteIdentity;
import io.godwit.network.BgpSpeaker;
import io.godwit.network.Edge;
import io.godwit.quorum.Quorum;
import io.godwit.replication.ReplicationLimits;
import io.godwit.replication.ReplicationPolicy;
import io.godwit.replication.Replicator;
import io.godwit.site.disks.DiskReaders;
import io.godwit.site.files.GroupFiles;
import io.godwit.site.group.Shipping;
import io.godwit.site.guests.Guests;
import io.godwit.site.peer.PeerDesk;
import io.godwit.site.peer.PeerLine;
import io.godwit.site.peer.PeerReply;
import io.godwit.site.peer.PeerRequest;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.GroupStore;
import io.godwit.volume.Role;
import io.godwit.volume.StoreLimits;
import io.godwit.volume.nbd.NbdServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/**
 * A site as it is, with its daemon, its API and its link, that follows a group; and as much of the owner at the other end of the link
 * as its replica can see. No machine runs, and nothing of the network is touched.
 */
public final class FollowingSite implements AutoCloseable {
    static final SiteName EAST = new SiteName("east");
    static final SiteName WEST = new SiteName("west");
    static final GroupName SHOP = new GroupName("shop");
    static final DiskName ROOT = new DiskName("root");
    static final ByteCount SIZE = ByteCount.ofMiB(8);
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final StoreLimits LIMITS = new StoreLimits(
            ByteCount.ofMiB(64), ByteCount.ofMiB(4), ByteCount.ofMiB(4), Duration.ofMillis(20), Duration.ofSeconds(20));

    private final Path directory;
    private final SiteIdentity east;
    private final SiteConfig config;
    final Random random = new Random(3);
    private final int eastPort;
    private final Optional<Quorum> quorum;
    private SiteDaemon daemon;

    public FollowingSite(Path directory) throws Exception {
        this(directory, Optional.empty());
    }

    /** @param quorum the voters, where there are any */
    public FollowingSite(Path directory, Optional<Quorum> quorum) throws Exception {
        this.directory = directory;
        this.quorum = quorum;
        this.east = SiteIdentity.create(directory.resolve("east"), EAST);
        this.eastPort = freePort();
        this.config = new SiteConfig(
                WEST,
                directory.resolve("west").toString(),
                Files.createDirectories(directory.resolve("run")).toString(),
                Files.createDirectories(directory.resolve("ram")).toString(),
                "127.0.0.1:" + freePort(),
                "127.0.0.1",
                new SiteConfig.Service("gwnowhere0", "10.90.0.1/24", "52:54:00:67:77:01"),
                50051,
                Optional.empty(),
                Optional.empty());
        this.daemon = start(SiteIdentity.create(identity(), WEST));
    }

    private Path identity() {
        return directory.resolve("west/identity");
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private SiteDaemon start(SiteIdentity west) throws Exception {
        Edge edge = new Edge(config.serviceNet(), new BgpSpeaker(config.bgpPort()));
        return new SiteDaemon(new SiteContext(
                config,
                west,
                edge,
                NbdServer.takingUp(config.disksSocket()),
                DiskReaders.none(),
                () -> Accelerator.TCG,
                quorum));
    }

    /** Stops the daemon and starts it again. */
    void restart() throws Exception {
        daemon.close();
        daemon = start(SiteIdentity.load(identity()));
    }

    /** Stops the daemon, does something to what it keeps, and starts it again. */
    public void whileStopped(Work work) throws Exception {
        daemon.close();
        work.run();
        daemon = start(SiteIdentity.load(identity()));
    }

    public interface Work {
        void run() throws Exception;
    }

    Path group() {
        return directory.resolve("west/groups/shop");
    }

    public ApiClient api() {
        return new ApiClient(config.apiSocket());
    }

    GroupStatus status() {
        return ((ApiReply.Status) api().ask(new ApiRequest.Status(Optional.of(SHOP))))
                .site()
                .groups()
                .getFirst();
    }

    String done(ApiRequest request) {
        return ((ApiReply.Done) api().ask(request)).sentence();
    }

    CopyReport bring(Path copy) {
        return ((ApiReply.Copied) api().ask(new ApiRequest.ImportGroup(copy.toString()))).report();
    }

    static GroupDefinition definition() {
        return new GroupDefinition(
                SHOP,
                WEST,
                List.of(new VmDefinition(
                        new VmName("db"),
                        ByteCount.ofMiB(64),
                        1,
                        "10.90.0.10",
                        "52:54:00:00:00:0a",
                        List.of(new DiskDefinition(ROOT, "/nowhere/root.raw", Optional.of(SIZE))))));
    }

    /** Makes the two sites known to each other. */
    public void pair() throws IOException {
        ApiReply.PairingOpened opened = (ApiReply.PairingOpened) api().ask(new ApiRequest.OpenPairing());
        east.join(
                PeerAddress.parse(config.listen()),
                PairingToken.parse(opened.token()),
                new PeerAddress("127.0.0.1", eastPort));
    }

    /** Says what an owner says once a second. */
    PeerReply.Greeted greet(PeerRequest.Greet greeting) {
        return (PeerReply.Greeted) PeerLine.askOnce(new Link(east, WEST), greeting, PATIENCE);
    }

    /** Does something while the owner's site answers so what it is asked. */
    public void whileEastAnswers(Function<PeerRequest, PeerReply> answers, Work work) throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), eastPort);
        LinkServer listening = new LinkServer(east, address, channel -> PeerDesk.serve(channel, answers));
        try {
            work.run();
        } finally {
            listening.close();
        }
    }

    /** What the owner proves itself with. */
    public SiteIdentity owner() {
        return east;
    }

    /** Says what the owner says when it founds the group. */
    void define() {
        define(definition());
    }

    /** Says what the owner says when it can't found the group after all. */
    void forgetFounding() {
        PeerLine.askOnce(new Link(east, WEST), new PeerRequest.ForgetGroup(SHOP, Term.FIRST, true), PATIENCE);
    }

    public void define(GroupDefinition definition) {
        PeerRequest founding = new PeerRequest.DefineGroup(definition, Term.FIRST, MachineType.newest(Accelerator.TCG));
        PeerLine.askOnce(new Link(east, WEST), founding, PATIENCE);
    }

    /** The owner's disks, with something on them. */
    GroupStore found() throws Exception {
        Path home = Files.createDirectories(directory.resolve("home"));
        DiskSpec disk = new DiskSpec(ROOT, SIZE, home.resolve("root.img"));
        GroupStore store = GroupStore.create(
                home.resolve("store"), List.of(disk), Role.PRIMARY, Term.FIRST, Position.START, LIMITS);
        write(store, 0, 3 << 20);
        return store;
    }

    Position write(GroupStore store, long offset, int length) throws Exception {
        byte[] content = new byte[length];
        random.nextBytes(content);
        Position end = store.head();
        for (int at = 0; at < length; at += 1 << 20) {
            ByteBuffer piece = ByteBuffer.wrap(content, at, Math.min(1 << 20, length - at));
            end = store.disk(ROOT).write(offset + at, piece);
        }
        store.awaitDurable(end);
        return end;
    }

    /** Ships the owner's log to the site until the replica has all of it; returns what crossed. */
    public long ship(GroupStore store) throws Exception {
        try (Replicator replicator = new Replicator(SHOP, store, ReplicationPolicy.DEFAULT, ReplicationLimits.DEFAULT);
                Shipping shipping = new Shipping(SHOP, new Link(east, WEST), replicator)) {
            if (!replicator.awaitSeeded(PATIENCE) || !replicator.awaitRemoteDurable(store.head(), PATIENCE)) {
                throw new IllegalStateException(
                        "not shipped: %s %s".formatted(shipping.trouble(), replicator.status()));
            }
            return replicator.status().wanBytes();
        }
    }

    /** Stops the daemon, and then ends what it left running. */
    void closeWithMachines() throws Exception {
        daemon.close();
        GroupFiles files = new GroupFiles(config, SHOP);
        new Guests(files, files.record().orElseThrow()).killLeftovers();
    }

    @Override
    public void close() throws IOException {
        daemon.close();
    }
}
