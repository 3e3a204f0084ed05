package io.godwit.volume.libnbd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** libnbd's functions as method handles, named as there; its manual is libnbd(3). A handle stands for one connection. */
@SuppressWarnings("restricted")
final class Libnbd {
    /** {@code struct { callback; user_data; free }}, for the end of a command and for runs. Passed as a value. */
    static final StructLayout CALLBACK = MemoryLayout.structLayout(ADDRESS, ADDRESS, ADDRESS);
    /** {@code int (*)(void *user_data, const char *context, uint64_t offset, uint32_t *entries, size_t count, int *error)} */
    static final FunctionDescriptor EXTENT =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);

    static final int SIZE_MINIMUM = 0;
    static final int SIZE_MAXIMUM = 2;
    static final int CMD_FLAG_NO_HOLE = 1 << 1;
    static final int CMD_FLAG_REQ_ONE = 1 << 3;

    static final MethodHandle CREATE = bind("nbd_create", FunctionDescriptor.of(ADDRESS));
    static final MethodHandle CLOSE = bind("nbd_close", FunctionDescriptor.ofVoid(ADDRESS));
    static final MethodHandle GET_ERROR = bind("nbd_get_error", FunctionDescriptor.of(ADDRESS));
    static final MethodHandle GET_ERRNO = bind("nbd_get_errno", FunctionDescriptor.of(JAVA_INT));
    static final MethodHandle ADD_META_CONTEXT =
            bind("nbd_add_meta_context", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    static final MethodHandle SET_URI_ALLOW_LOCAL_FILE =
            bind("nbd_set_uri_allow_local_file", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_BOOLEAN));
    static final MethodHandle AIO_CONNECT_URI =
            bind("nbd_aio_connect_uri", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    static final MethodHandle AIO_DISCONNECT =
            bind("nbd_aio_disconnect", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    static final MethodHandle AIO_IS_CONNECTING = question("nbd_aio_is_connecting");
    static final MethodHandle AIO_IS_DEAD = question("nbd_aio_is_dead");
    static final MethodHandle AIO_IS_CLOSED = question("nbd_aio_is_closed");
    static final MethodHandle AIO_IS_READY = question("nbd_aio_is_ready");
    static final MethodHandle IS_READ_ONLY = question("nbd_is_read_only");
    static final MethodHandle CAN_FLUSH = question("nbd_can_flush");
    static final MethodHandle CAN_MULTI_CONN = question("nbd_can_multi_conn");
    static final MethodHandle CAN_ZERO = question("nbd_can_zero");
    static final MethodHandle CAN_CACHE = question("nbd_can_cache");
    static final MethodHandle CAN_META_CONTEXT =
            bind("nbd_can_meta_context", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    static final MethodHandle GET_SIZE = bind("nbd_get_size", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
    static final MethodHandle GET_BLOCK_SIZE =
            bind("nbd_get_block_size", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_INT));
    /** {@code int nbd_poll(handle, int timeout_milliseconds)} */
    static final MethodHandle POLL = bind("nbd_poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    /** {@code int nbd_aio_command_completed(handle, uint64_t cookie)}: 0 not yet, 1 done, -1 failed */
    static final MethodHandle AIO_COMMAND_COMPLETED =
            bind("nbd_aio_command_completed", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));

    /** {@code int64_t nbd_aio_pread(handle, void *buffer, size_t count, uint64_t offset, completion, uint32_t flags)} */
    static final MethodHandle AIO_PREAD = transfer("nbd_aio_pread");

    static final MethodHandle AIO_PWRITE = transfer("nbd_aio_pwrite");
    /** {@code int64_t nbd_aio_zero(handle, uint64_t count, uint64_t offset, completion, uint32_t flags)} */
    static final MethodHandle AIO_ZERO = range("nbd_aio_zero");

    static final MethodHandle AIO_CACHE = range("nbd_aio_cache");
    static final MethodHandle AIO_FLUSH =
            bind("nbd_aio_flush", FunctionDescriptor.of(JAVA_LONG, ADDRESS, CALLBACK, JAVA_INT));
    /** {@code int64_t nbd_aio_block_status(handle, uint64_t count, uint64_t offset, extent, completion, uint32_t flags)} */
    static final MethodHandle AIO_BLOCK_STATUS = bind(
            "nbd_aio_block_status",
            FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, CALLBACK, CALLBACK, JAVA_INT));

    /** What stands for no callback. */
    static final MemorySegment NO_CALLBACK = Arena.global().allocate(CALLBACK);

    private Libnbd() {}

    /** The library, looked for once; in a class of its own, so that asking for it doesn't need it. */
    private static final class Library {
        private static final String FILE = "libnbd.so.0";
        private static final Optional<SymbolLookup> FOUND = find();

        private static Optional<SymbolLookup> find() {
            try {
                return Optional.of(SymbolLookup.libraryLookup(FILE, Arena.global()));
            } catch (IllegalArgumentException absent) {
                return Optional.empty();
            }
        }

        /** @throws GodwitException UNSUPPORTED if it isn't installed */
        private static SymbolLookup require() {
            return FOUND.orElseThrow(() -> new GodwitException(
                    ErrorCode.UNSUPPORTED, "disks on an NBD server need libnbd: install Debian's package libnbd0"));
        }
    }

    /** @throws GodwitException UNSUPPORTED if the library isn't installed; then nothing else of this class may be used */
    static void require() {
        Library.require();
    }

    private static MethodHandle bind(String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(Library.require().findOrThrow(name), descriptor);
    }

    private static MethodHandle question(String name) {
        return bind(name, FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    private static MethodHandle transfer(String name) {
        return bind(name, FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, CALLBACK, JAVA_INT));
    }

    private static MethodHandle range(String name) {
        return bind(name, FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, CALLBACK, JAVA_INT));
    }

    /** What the library says about the last failure on this thread. */
    static String error() {
        try {
            MemorySegment text = (MemorySegment) GET_ERROR.invokeExact();
            return text.address() == 0
                    ? "unknown"
                    : text.reinterpret(Short.MAX_VALUE).getString(0);
        } catch (Throwable broken) {
            throw new LinkageError("nbd_get_error", broken);
        }
    }

    /** The number of the last failure on this thread; 0 if it has none. */
    static int errno() {
        try {
            return (int) GET_ERRNO.invokeExact();
        } catch (Throwable broken) {
            throw new LinkageError("nbd_get_errno", broken);
        }
    }
}
