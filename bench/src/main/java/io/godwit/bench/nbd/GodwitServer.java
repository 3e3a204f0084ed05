package io.godwit.bench.nbd;

import io.godwit.bench.Follower;
import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.DurabilityRule;
import io.godwit.volume.GroupStore;
import io.godwit.volume.Role;
import io.godwit.volume.StoreLimits;
import io.godwit.volume.nbd.NbdExport;
import io.godwit.volume.nbd.NbdServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Our server as the site daemon runs it: every write is a record of the group's log before it is answered; if it is
 * wished, a replica follows.
 */
final class GodwitServer implements Contender {
    static final String NAME = "godwit";
    private static final DiskName DISK = new DiskName("disk");

    private final Path image;
    private final Path socket;
    private final GroupStore store;
    private final Optional<Follower> follower;
    private final NbdServer server;

    private GodwitServer(Path image, Path socket, GroupStore store, Optional<Follower> follower, NbdServer server) {
        this.image = image;
        this.socket = socket;
        this.store = store;
        this.follower = follower;
        this.server = server;
    }

    /** @param directory an empty one for the store, the socket and the replica */
    static GodwitServer start(Path directory, Path image, ByteCount size, boolean replicating) throws IOException {
        GroupStore store = GroupStore.create(
                directory.resolve("store"),
                List.of(new DiskSpec(DISK, size, image)),
                Role.PRIMARY,
                Term.FIRST,
                Position.START,
                StoreLimits.DEFAULT);
        try {
            Path socket = directory.resolve("nbd.sock");
            Optional<Follower> follower = replicating ? Optional.of(follower(directory, store)) : Optional.empty();
            DurabilityRule rule = follower.map(Follower::rule).orElseGet(() -> DurabilityRule.local(store));
            NbdExport export = new NbdExport(DISK.value(), store.disk(DISK), rule);
            return new GodwitServer(image, socket, store, follower, new NbdServer(socket, List.of(export)));
        } catch (IOException | RuntimeException failed) {
            store.close();
            throw failed;
        }
    }

    private static Follower follower(Path directory, GroupStore store) throws IOException {
        return Follower.start(store, Files.createDirectory(directory.resolve("replica")));
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
    public Path image() {
        return image;
    }

    /** Waits until the log is in the disk's image, and in the replica's. */
    @Override
    public void settle() throws InterruptedException {
        store.holdAt(store.head()).close();
        if (follower.isPresent()) {
            follower.get().awaitSeeded();
            follower.get().settle();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        if (follower.isPresent()) {
            follower.get().close();
        }
        store.close();
    }
}
