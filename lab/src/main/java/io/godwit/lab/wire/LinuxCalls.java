package io.godwit.lab.wire;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The system calls behind a wire. Those on the way of every frame ({@link #read}, {@link #write}, {@link #poll}) take
 * plain addresses and a caller's own place for errno, and allocate nothing.
 */
@SuppressWarnings("restricted")
final class LinuxCalls {
    static final int EINTR = 4;
    static final int EAGAIN = 11;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final Linker.Option KEEP_ERRNO = Linker.Option.captureCallState("errno");

    private static final MethodHandle OPEN =
            bind("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle IOCTL = bind(
            "ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle PRCTL =
            bind("prctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG), Linker.Option.firstVariadicArg(1));
    private static final MethodHandle SETNS = bind("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SETPRIORITY =
            bind("setpriority", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle CLOSE = bind("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle READ =
            bind("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle WRITE =
            bind("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle PPOLL =
            bind("ppoll", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle STRERROR = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private static final int LONGEST_ERROR_TEXT = 256;

    private LinuxCalls() {}

    /** A place where a call leaves its error number. */
    static MemorySegment errnoPlace(Arena arena) {
        return arena.allocate(CALL_STATE);
    }

    static int errno(MemorySegment place) {
        return (int) ERRNO.get(place, 0L);
    }

    static long read(MemorySegment errno, int fd, long address, long length) {
        try {
            return (long) READ.invokeExact(errno, fd, address, length);
        } catch (Throwable unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    static long write(MemorySegment errno, int fd, long address, long length) {
        try {
            return (long) WRITE.invokeExact(errno, fd, address, length);
        } catch (Throwable unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    /** Waits for {@code count} pollfd structures at {@code descriptors}, at most as long as the timespec at {@code time} says. */
    static int poll(MemorySegment errno, long descriptors, long count, long time) {
        try {
            return (int) PPOLL.invokeExact(errno, descriptors, count, time, 0L);
        } catch (Throwable unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    static int open(String path, int flags) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path);
            return checked("open " + path, arena, errno -> (int) OPEN.invokeExact(errno, name, flags));
        }
    }

    static void ioctl(int fd, long request, MemorySegment argument, String doing) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            checked(doing, arena, errno -> (int) IOCTL.invokeExact(errno, fd, request, argument));
        }
    }

    static void enterNamespace(int fd, int kind) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            checked("enter a network namespace", arena, errno -> (int) SETNS.invokeExact(errno, fd, kind));
        }
    }

    static void threadSetting(int option, long value) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            checked("set a thread's timer slack", arena, errno -> (int) PRCTL.invokeExact(errno, option, value));
        }
    }

    /** Sets the calling thread's niceness. */
    static void nice(int niceness) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            checked("set a thread's priority", arena, errno -> (int) SETPRIORITY.invokeExact(errno, 0, 0, niceness));
        }
    }

    static void close(int fd) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            checked("close a descriptor", arena, errno -> (int) CLOSE.invokeExact(errno, fd));
        }
    }

    static String errorText(int errno) {
        try {
            return ((MemorySegment) STRERROR.invokeExact(errno))
                    .reinterpret(LONGEST_ERROR_TEXT)
                    .getString(0);
        } catch (Throwable unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    private interface Call {
        int on(MemorySegment errno) throws Throwable;
    }

    private static int checked(String doing, Arena arena, Call call) throws IOException {
        MemorySegment place = errnoPlace(arena);
        int result;
        try {
            result = call.on(place);
        } catch (Throwable unexpected) {
            throw new AssertionError(unexpected);
        }
        if (result < 0) {
            throw new IOException("cannot %s: %s".formatted(doing, errorText(errno(place))));
        }
        return result;
    }

    private static MethodHandle bind(String name, FunctionDescriptor descriptor, Linker.Option... more) {
        Linker.Option[] options = new Linker.Option[more.length + 1];
        options[0] = KEEP_ERRNO;
        System.arraycopy(more, 0, options, 1, more.length);
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }
}
