package io.godwit.core.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/** The C library's functions as method handles; each takes a call state first, where the kernel's error number is left. */
@SuppressWarnings("restricted")
final class Libc {
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_CLOEXEC = 0x80000;
    static final int AF_UNIX = 1;
    static final int SOCK_STREAM = 1;
    static final int SOCK_CLOEXEC = O_CLOEXEC;
    static final int FALLOC_KEEP_SIZE = 1;
    static final int FALLOC_PUNCH_HOLE = 2;
    static final int FALLOC_ZERO_RANGE = 0x10;
    static final int CLOCK_BOOTTIME = 7;
    static final int CLONE_NEWNET = 0x40000000;
    static final int SEEK_END = 2;
    static final int SEEK_DATA = 3;
    static final int SEEK_HOLE = 4;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_FIELD = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    /** {@code int open(const char *path, int flags, mode_t mode)} */
    static final MethodHandle OPEN = bind(
            "open",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
            ERRNO,
            Linker.Option.firstVariadicArg(2));
    /** {@code int close(int fd)} */
    private static final MethodHandle CLOSE = bind("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    /** {@code ssize_t pread(int fd, void *buffer, size_t count, off_t offset)} */
    static final MethodHandle PREAD =
            bind("pread", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG), ERRNO);
    /** {@code ssize_t pwritev(int fd, const struct iovec *vectors, int count, off_t offset)} */
    static final MethodHandle PWRITEV =
            bind("pwritev", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG), ERRNO);
    /** {@code int fdatasync(int fd)} */
    static final MethodHandle FDATASYNC = bind("fdatasync", FunctionDescriptor.of(JAVA_INT, JAVA_INT), ERRNO);
    /** {@code int fsync(int fd)} */
    static final MethodHandle FSYNC = bind("fsync", FunctionDescriptor.of(JAVA_INT, JAVA_INT), ERRNO);
    /** {@code int fallocate(int fd, int mode, off_t offset, off_t length)} */
    static final MethodHandle FALLOCATE =
            bind("fallocate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG), ERRNO);
    /** {@code int ftruncate(int fd, off_t length)} */
    static final MethodHandle FTRUNCATE =
            bind("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG), ERRNO);
    /** {@code off_t lseek(int fd, off_t offset, int whence)} */
    static final MethodHandle LSEEK =
            bind("lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT), ERRNO);
    /** {@code ssize_t readahead(int fd, off64_t offset, size_t count)} */
    static final MethodHandle READAHEAD =
            bind("readahead", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG), ERRNO);
    /** {@code int socket(int family, int type, int protocol)} */
    static final MethodHandle SOCKET =
            bind("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), ERRNO);
    /** {@code int bind(int fd, const struct sockaddr *address, socklen_t length)} */
    static final MethodHandle BIND = bind("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT), ERRNO);
    /** {@code int listen(int fd, int backlog)} */
    static final MethodHandle LISTEN = bind("listen", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), ERRNO);
    /** {@code int dup(int fd)} */
    static final MethodHandle DUP = bind("dup", FunctionDescriptor.of(JAVA_INT, JAVA_INT), ERRNO);
    /** {@code int dup2(int fd, int as)} */
    static final MethodHandle DUP2 = bind("dup2", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), ERRNO);
    /** {@code int clock_gettime(clockid_t clock, struct timespec *now)}; it neither blocks nor fails, so it may write to the heap */
    static final MethodHandle CLOCK_GETTIME =
            bind("clock_gettime", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS), Linker.Option.critical(true));
    /** {@code int unshare(int flags)} */
    static final MethodHandle UNSHARE = bind("unshare", FunctionDescriptor.of(JAVA_INT, JAVA_INT), ERRNO);
    /** {@code char *strerror(int errno)} */
    private static final MethodHandle STRERROR = bind("strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));

    /** Bytes of a {@code struct iovec}: address and length. */
    static final long IOVEC_BYTES = ADDRESS.byteSize() + JAVA_LONG.byteSize();

    private Libc() {}

    private static MethodHandle bind(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }

    static int errno(MemorySegment callState) {
        return (int) ERRNO_FIELD.get(callState, 0L);
    }

    static String meaning(int errno) {
        try {
            MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
            return text.reinterpret(256).getString(0);
        } catch (Throwable broken) {
            throw new LinkageError("strerror", broken);
        }
    }

    /** Gives a descriptor back; Linux does so even when it reports an error, so there is nothing to do about one. */
    static void close(int descriptor) {
        try {
            int ignored = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable broken) {
            throw new LinkageError("close", broken);
        }
    }

    /** What a thread needs for its calls, allocated once a thread: the call state and room for some I/O vectors. */
    record Scratch(MemorySegment callState, MemorySegment vectors) {
        static final int VECTORS = 3;
        private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::allocate);

        static Scratch ofThread() {
            return OF_THREAD.get();
        }

        private static Scratch allocate() {
            Arena arena = Arena.ofAuto();
            return new Scratch(
                    arena.allocate(CALL_STATE), arena.allocate(VECTORS * IOVEC_BYTES, ADDRESS.byteAlignment()));
        }

        MemorySegment vectors(ByteBuffer first, ByteBuffer second, ByteBuffer third) {
            set(0, MemorySegment.ofBuffer(first));
            set(1, MemorySegment.ofBuffer(second));
            set(2, MemorySegment.ofBuffer(third));
            return vectors;
        }

        private void set(int vector, MemorySegment content) {
            vectors.set(ADDRESS, vector * IOVEC_BYTES, content);
            vectors.set(ValueLayout.JAVA_LONG, vector * IOVEC_BYTES + ADDRESS.byteSize(), content.byteSize());
        }
    }
}
