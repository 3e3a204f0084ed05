package io.godwit.site.disks;

import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.link.PeerAddress;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.DurabilityRule;
import io.godwit.volume.GroupStore;
import io.godwit.volume.nbd.NbdExport;
import io.godwit.volume.nbd.NbdServer;
import io.godwit.volume.nbd.NbdTls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The disks of this site's groups for readers on the network, over TLS, named {@code GROUP/DISK}. Where the site isn't set
 * up for that, nothing is offered.
 */
public final class DiskReaders implements AutoCloseable {
    private static final DiskReaders NONE = new DiskReaders(Optional.empty());

    private final Optional<NbdServer> server;

    private DiskReaders(Optional<NbdServer> server) {
        this.server = server;
    }

    /** Offers nothing. */
    public static DiskReaders none() {
        return NONE;
    }

    /**
     * Listens at an address, with a key and certificates from a directory.
     *
     * @throws GodwitException if they can't be used, or one can't listen there
     */
    public static DiskReaders on(PeerAddress address, Path certificates) throws IOException {
        return new DiskReaders(Optional.of(NbdServer.overTls(address.resolve(), new NbdTls(certificates), List.of())));
    }

    /** The disks of a store may be read from now on, but not written, whoever owns the group. */
    public void offer(GroupName group, GroupStore store) {
        for (DiskSpec disk : store.disks()) {
            server.ifPresent(listening -> listening.add(new NbdExport(
                    DiskFront.export(group, disk.name()), store.disk(disk.name()), DurabilityRule.local(store), true)));
        }
    }

    /** Nobody reads the disks of a store any more when this returns. */
    public void withdraw(GroupName group, GroupStore store) throws IOException {
        if (server.isEmpty()) {
            return;
        }
        try {
            for (DiskSpec disk : store.disks()) {
                server.get().remove(DiskFront.export(group, disk.name()));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while readers were sent away", interrupted);
        }
    }

    @Override
    public void close() throws IOException {
        if (server.isPresent()) {
            server.get().close();
        }
    }
}
