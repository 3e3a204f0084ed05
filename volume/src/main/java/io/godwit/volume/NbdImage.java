package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.volume.DiskExtent.Content;
import io.godwit.volume.libnbd.RemoteExport;
import io.godwit.volume.libnbd.ServerAwayException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A base image that is an export of an NBD server. While the server is away, reading waits until it is back; a change
 * fails with a {@link ServerAwayException} and is repeated by whoever wants it, together with all that was not flushed
 * since: the server may have lost that.
 */
final class NbdImage implements BaseImage {
    private static final int MAX_ZERO_BYTES = 1 << 30;
    private static final int MAX_CACHE_BYTES = 32 << 20;

    private final DiskSpec spec;
    private final ServerConnections server;

    NbdImage(DiskSpec spec, BaseLocation.Remote location) {
        this.spec = spec;
        this.server = new ServerConnections(location, spec.size().bytes());
    }

    /** The size of an export that can be a base image. */
    static long size(BaseLocation.Remote location) throws IOException {
        try (RemoteExport export = reach(location)) {
            return export.size();
        }
    }

    /** @throws GodwitException if the export can't be the base image of a disk of that size */
    static void check(BaseLocation.Remote location, long size) throws IOException {
        long found = size(location);
        if (found != size) {
            throw new GodwitException(
                    ErrorCode.CONFLICT, "%s has %d bytes, but the disk has %d".formatted(location, found, size));
        }
    }

    private static RemoteExport reach(BaseLocation.Remote location) throws IOException {
        RemoteExport export;
        try {
            export = ServerConnections.dial(location, () -> false);
        } catch (ServerAwayException away) {
            throw new GodwitException(ErrorCode.UNREACHABLE, String.valueOf(away.getMessage()), away);
        }
        Optional<String> lack = ServerConnections.lackOf(export);
        if (lack.isPresent()) {
            export.close();
            throw new GodwitException(ErrorCode.UNSUPPORTED, "%s %s".formatted(location, lack.get()));
        }
        return export;
    }

    @Override
    public DiskSpec spec() {
        return spec;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        server.ask(export -> {
            WholeBlocks.read(export, offset, into.duplicate());
            return into.position(into.limit());
        });
    }

    @Override
    public void prefetch(long offset, long length) throws IOException {
        server.ask(export -> {
            export.cache(offset, Math.min(length, MAX_CACHE_BYTES));
            return true;
        });
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
        server.change(export -> WholeBlocks.write(export, offset, from.duplicate()));
        from.position(from.limit());
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        clear(offset, length, true);
    }

    @Override
    public void discard(long offset, long length) throws IOException {
        clear(offset, length, false);
    }

    private void clear(long offset, long length, boolean keepsSpace) throws IOException {
        for (long done = 0; done < length; done += MAX_ZERO_BYTES) {
            long at = offset + done;
            long part = Math.min(MAX_ZERO_BYTES, length - done);
            server.change(export -> WholeBlocks.clear(export, at, part, keepsSpace));
        }
    }

    @Override
    public void sync() throws IOException {
        server.flush();
    }

    @Override
    public DiskExtent extentAt(long offset, long to) throws IOException {
        RemoteExport.Run run = server.ask(export -> WholeBlocks.run(export, offset, to));
        Content content = !run.zero() ? Content.DATA : run.hole() ? Content.HOLE : Content.ZERO;
        return new DiskExtent(offset, run.length(), content);
    }

    @Override
    public Optional<String> trouble() {
        return server.trouble();
    }

    @Override
    public void waitForServer(boolean wait) {
        server.waiting(wait);
    }

    @Override
    public void close() {
        server.close();
    }
}
