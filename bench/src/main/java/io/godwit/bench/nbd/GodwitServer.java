package io.godwit.bench.nbd;

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
import java.nio.file.Path;
import java.util.List;

/** Our server as the site daemon runs it: every write is a record of the group's log before it is answered. */
final class GodwitServer implements Contender {
    static final String NAME = "godwit";
    private static final DiskName DISK = new DiskName("disk");

    private final Path socket;
    private final GroupStore store;
    private final NbdServer server;

    private GodwitServer(Path socket, GroupStore store, NbdServer server) {
        this.socket = socket;
        this.store = store;
        this.server = server;
    }

    /** @param directory an empty one for the store and the socket */
    static GodwitServer start(Path directory, Path image, ByteCount size) throws IOException {
        GroupStore store = GroupStore.create(
                directory.resolve("store"),
                List.of(new DiskSpec(DISK, size, image)),
                Role.PRIMARY,
                Term.FIRST,
                Position.START,
                StoreLimits.DEFAULT);
        try {
            Path socket = directory.resolve("nbd.sock");
            NbdExport export = new NbdExport(DISK.value(), store.disk(DISK), DurabilityRule.local(store));
            return new GodwitServer(socket, store, new NbdServer(socket, List.of(export)));
        } catch (IOException | RuntimeException failed) {
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

    /** Waits until the log is in the disk's image. */
    @Override
    public void settle() throws InterruptedException {
        store.holdAt(store.head()).close();
    }

    @Override
    public void close() throws IOException {
        server.close();
        store.close();
    }
}
