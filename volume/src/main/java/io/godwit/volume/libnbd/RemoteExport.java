package io.godwit.volume.libnbd;

import io.godwit.core.posix.ErrnoException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * One connection to an export of an NBD server, for one thread at a time. Every call waits for the server, however long
 * it takes, unless the owner gives up. After a {@link ServerAwayException} the connection is gone.
 */
public final class RemoteExport implements AutoCloseable {
    /** A run of bytes: whether it has no space, and whether it reads as zeroes. */
    public record Run(long length, boolean hole, boolean zero) {}

    private interface Call {
        long invoke(MemorySegment handle) throws Throwable;
    }

    private static final String ALLOCATION = "base:allocation";
    private static final int STATE_HOLE = 1;
    private static final int STATE_ZERO = 1 << 1;
    /** So often it is looked whether the owner has given up. */
    private static final int POLL_MILLIS = 250;

    private static final int ESHUTDOWN = 108;
    /** What a server that doesn't say takes at once. */
    private static final int MAX_TRANSFER_BYTES = 4 << 20;

    private final String uri;
    private final BooleanSupplier givenUp;
    private final Arena arena = Arena.ofShared();
    private final RunCatcher runs;
    private final MemorySegment allocation;
    private final MemorySegment handle;
    private boolean open = true;

    private RemoteExport(String uri, BooleanSupplier givenUp) {
        Libnbd.require();
        this.uri = uri;
        this.givenUp = givenUp;
        this.runs = new RunCatcher(arena);
        this.allocation = arena.allocateFrom(ALLOCATION);
        try {
            this.handle = (MemorySegment) Libnbd.CREATE.invokeExact();
        } catch (Throwable broken) {
            throw new LinkageError("nbd_create", broken);
        }
        if (handle.address() == 0) {
            throw new OutOfMemoryError("libnbd has no memory for a connection");
        }
    }

    /**
     * Connects.
     *
     * @param uri as libnbd understands it: {@code nbd://host:port/export}, {@code nbd+unix:///export?socket=path}, and
     *     with {@code nbds} in place of {@code nbd} for TLS
     * @param givenUp asked now and then while the server lets us wait: whether nobody waits any more
     * @throws ServerAwayException if there is no such export within {@code atMost}
     */
    public static RemoteExport connect(String uri, Duration atMost, BooleanSupplier givenUp) throws IOException {
        RemoteExport export = new RemoteExport(uri, givenUp);
        try {
            export.connect(System.nanoTime() + atMost.toNanos());
            return export;
        } catch (IOException | RuntimeException failed) {
            export.close();
            throw failed;
        }
    }

    private void connect(long deadline) throws IOException {
        require("nbd_set_uri_allow_local_file", h -> (int) Libnbd.SET_URI_ALLOW_LOCAL_FILE.invokeExact(h, true));
        require("nbd_add_meta_context", h -> (int) Libnbd.ADD_META_CONTEXT.invokeExact(h, allocation));
        MemorySegment address = arena.allocateFrom(uri);
        require("nbd_aio_connect_uri", h -> (int) Libnbd.AIO_CONNECT_URI.invokeExact(h, address));
        while (yes(Libnbd.AIO_IS_CONNECTING)) {
            require("nbd_poll", h -> (int) Libnbd.POLL.invokeExact(h, POLL_MILLIS));
            if (System.nanoTime() > deadline || givenUp.getAsBoolean()) {
                throw new ServerAwayException("the NBD server at %s doesn't answer".formatted(uri));
            }
        }
        if (!yes(Libnbd.AIO_IS_READY)) {
            throw away();
        }
    }

    public long size() throws IOException {
        return require("nbd_get_size", h -> (long) Libnbd.GET_SIZE.invokeExact(h));
    }

    public boolean readOnly() {
        return yes(Libnbd.IS_READ_ONLY);
    }

    public boolean canFlush() {
        return yes(Libnbd.CAN_FLUSH);
    }

    /** Whether what was written on one connection is seen on all, and a flush covers all. */
    public boolean canMultiConn() {
        return yes(Libnbd.CAN_MULTI_CONN);
    }

    /** Whether {@link #zero} may be used. */
    public boolean canZero() {
        return yes(Libnbd.CAN_ZERO);
    }

    /** Offsets and lengths must be multiples of this many bytes. */
    public int minimumBlock() throws IOException {
        return (int) Math.max(1, blockSize(Libnbd.SIZE_MINIMUM));
    }

    /** So many bytes may be read or written at once. */
    public int maximumTransfer() throws IOException {
        long maximum = blockSize(Libnbd.SIZE_MAXIMUM);
        return maximum <= 0 ? MAX_TRANSFER_BYTES : (int) Math.min(maximum, MAX_TRANSFER_BYTES);
    }

    private long blockSize(int which) throws IOException {
        return require("nbd_get_block_size", h -> (long) Libnbd.GET_BLOCK_SIZE.invokeExact(h, which));
    }

    /** Fills {@code into}, a direct buffer. */
    public void read(long offset, ByteBuffer into) throws IOException {
        MemorySegment buffer = MemorySegment.ofBuffer(into);
        command("read", h ->
                (long) Libnbd.AIO_PREAD.invokeExact(h, buffer, buffer.byteSize(), offset, Libnbd.NO_CALLBACK, 0));
        into.position(into.limit());
    }

    /** Writes all of {@code from}, a direct buffer. */
    public void write(long offset, ByteBuffer from) throws IOException {
        MemorySegment buffer = MemorySegment.ofBuffer(from);
        command("write", h ->
                (long) Libnbd.AIO_PWRITE.invokeExact(h, buffer, buffer.byteSize(), offset, Libnbd.NO_CALLBACK, 0));
        from.position(from.limit());
    }

    /** Makes a range read as zeroes. */
    public void zero(long offset, long length, boolean keepsSpace) throws IOException {
        int flags = keepsSpace ? Libnbd.CMD_FLAG_NO_HOLE : 0;
        command("zeroing", h -> (long) Libnbd.AIO_ZERO.invokeExact(h, length, offset, Libnbd.NO_CALLBACK, flags));
    }

    /** Asks the server to have a range at hand soon, if it can be asked. */
    public void cache(long offset, long length) throws IOException {
        if (yes(Libnbd.CAN_CACHE)) {
            command("caching", h -> (long) Libnbd.AIO_CACHE.invokeExact(h, length, offset, Libnbd.NO_CALLBACK, 0));
        }
    }

    /** Returns when everything that was answered before is on stable storage. */
    public void flush() throws IOException {
        command("flush", h -> (long) Libnbd.AIO_FLUSH.invokeExact(h, Libnbd.NO_CALLBACK, 0));
    }

    /** The run that begins at {@code offset}, at most so long. A server that doesn't tell has one run of data. */
    public Run run(long offset, long atMost) throws IOException {
        if (require("nbd_can_meta_context", h -> (int) Libnbd.CAN_META_CONTEXT.invokeExact(h, allocation)) == 0) {
            return new Run(atMost, false, false);
        }
        MemorySegment callback = runs.callback();
        command("block status", h -> (long) Libnbd.AIO_BLOCK_STATUS.invokeExact(
                h, atMost, offset, callback, Libnbd.NO_CALLBACK, Libnbd.CMD_FLAG_REQ_ONE));
        long length = Math.min(runs.length(), atMost);
        return length <= 0
                ? new Run(atMost, false, false)
                : new Run(length, (runs.state() & STATE_HOLE) != 0, (runs.state() & STATE_ZERO) != 0);
    }

    private void command(String what, Call call) throws IOException {
        long cookie = invoke(what, call);
        if (cookie < 0) {
            throw failure(what);
        }
        while (true) {
            long state = invoke(what, h -> (int) Libnbd.AIO_COMMAND_COMPLETED.invokeExact(h, cookie));
            if (state > 0) {
                return;
            }
            if (state < 0) {
                throw failure(what);
            }
            if (require("nbd_poll", h -> (int) Libnbd.POLL.invokeExact(h, POLL_MILLIS)) == 0
                    && givenUp.getAsBoolean()) {
                close();
                throw new ServerAwayException("nobody waits any more for a %s of %s".formatted(what, uri));
            }
        }
    }

    private IOException failure(String what) {
        int errno = Libnbd.errno();
        String meaning = Libnbd.error();
        boolean lost = yes(Libnbd.AIO_IS_DEAD) || yes(Libnbd.AIO_IS_CLOSED) || errno == ESHUTDOWN;
        return lost ? away(meaning) : new ErrnoException(what, uri, errno, meaning);
    }

    private ServerAwayException away() {
        return away(Libnbd.error());
    }

    /** The connection is given back at once: the library must not touch the caller's buffer any more. */
    private ServerAwayException away(String meaning) {
        close();
        return new ServerAwayException("the NBD server at %s is away: %s".formatted(uri, meaning));
    }

    private boolean yes(MethodHandle question) {
        return invoke("a question", h -> (int) question.invokeExact(h)) > 0;
    }

    private long require(String what, Call call) throws IOException {
        long result = invoke(what, call);
        if (result < 0) {
            throw away();
        }
        return result;
    }

    private long invoke(String what, Call call) {
        if (!open) {
            throw new IllegalStateException("the connection to %s was closed".formatted(uri));
        }
        try {
            return call.invoke(handle);
        } catch (Throwable broken) {
            throw new LinkageError(what, broken);
        }
    }

    @Override
    public void close() {
        if (!open) {
            return;
        }
        try {
            int ignored = (int) Libnbd.AIO_DISCONNECT.invokeExact(handle, 0);
            Libnbd.CLOSE.invokeExact(handle);
        } catch (Throwable broken) {
            throw new LinkageError("nbd_close", broken);
        }
        open = false;
        arena.close();
    }
}
