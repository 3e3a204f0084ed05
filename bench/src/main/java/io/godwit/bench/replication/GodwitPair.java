package io.godwit.bench.replication;

import io.godwit.bench.Follower;
import io.godwit.bench.Loopback;
import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.replication.Mode;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.GroupStore;
import io.godwit.volume.Role;
import io.godwit.volume.StoreLimits;
import io.godwit.volume.nbd.NbdExport;
import io.godwit.volume.nbd.NbdServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A group with one disk and its replica behind a link, both in this process, as two site daemons run them. */
final class GodwitPair implements ReplicatedDisk {
    static final String NAME = "godwit";
    private static final DiskName DISK = new DiskName("disk");

    private final Path socket;
    private final GroupStore store;
    private final Link link;
    private final Follower follower;
    private final NbdServer server;

    private GodwitPair(Path socket, GroupStore store, Link link, Follower follower, NbdServer server) {
        this.socket = socket;
        this.store = store;
        this.link = link;
        this.follower = follower;
        this.server = server;
    }

    /** @param directory an empty one */
    static GodwitPair start(Path directory, ByteCount size, LinkShape shape, Mode mode)
            throws IOException, InterruptedException {
        GroupStore store = GroupStore.create(
                directory.resolve("store"),
                List.of(new DiskSpec(DISK, size, directory.resolve("source.raw"))),
                Role.PRIMARY,
                Term.FIRST,
                Position.START,
                StoreLimits.DEFAULT);
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Link link = Link.to(listener.getLocalPort(), shape);
            Socket near = new Socket(InetAddress.getLoopbackAddress(), link.port());
            List<Loopback> ends = List.of(new Loopback(near), new Loopback(listener.accept()));
            Follower follower = Follower.start(store, Files.createDirectory(directory.resolve("there")), ends);
            follower.awaitSeeded();
            follower.become(mode);
            Path socket = directory.resolve("nbd.sock");
            NbdExport export = new NbdExport(DISK.value(), store.disk(DISK), follower.rule());
            return new GodwitPair(socket, store, link, follower, new NbdServer(socket, List.of(export)));
        } catch (IOException | InterruptedException | RuntimeException failed) {
            store.close();
            throw failed;
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String uri() {
        return "nbd+unix:///?socket=" + socket;
    }

    @Override
    public long carried() {
        return link.carried();
    }

    @Override
    public void settle() throws InterruptedException {
        follower.settle();
    }

    @Override
    public void close() throws IOException {
        server.close();
        follower.close();
        link.close();
        store.close();
    }
}
