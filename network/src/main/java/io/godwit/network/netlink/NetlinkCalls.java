package io.godwit.network.netlink;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The handful of C library calls that an rtnetlink socket needs. A failing call becomes an {@link IOException} with the system's words. */
@SuppressWarnings("restricted")
final class NetlinkCalls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET = bind(
            "socket",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle SETSOCKOPT = bind(
            "setsockopt",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT));
    private static final MethodHandle SEND = bind(
            "send",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT));
    private static final MethodHandle RECV = bind(
            "recv",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE =
            bind("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle IF_NAMETOINDEX =
            bind("if_nametoindex", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    private static final MethodHandle STRERROR = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("strerror"),
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

    private static final int LONGEST_ERROR_TEXT = 256;

    private NetlinkCalls() {}

    private interface Call {
        long on(MemorySegment state) throws Throwable;
    }

    static int socket(int domain, int type, int protocol) throws IOException {
        return (int) checked("open a netlink socket", s -> (int) SOCKET.invokeExact(s, domain, type, protocol));
    }

    static void setOption(int socket, int level, int option, MemorySegment value) throws IOException {
        int length = (int) value.byteSize();
        checked("set a socket option", s -> (int) SETSOCKOPT.invokeExact(s, socket, level, option, value, length));
    }

    static void send(int socket, MemorySegment message) throws IOException {
        long length = message.byteSize();
        checked("send to the kernel's routing table", s -> (long) SEND.invokeExact(s, socket, message, length, 0));
    }

    static long receive(int socket, MemorySegment buffer) throws IOException {
        long length = buffer.byteSize();
        return checked(
                "hear from the kernel's routing table", s -> (long) RECV.invokeExact(s, socket, buffer, length, 0));
    }

    static void close(int socket) throws IOException {
        checked("close a netlink socket", s -> (int) CLOSE.invokeExact(s, socket));
    }

    /** The index of an interface in the calling thread's network namespace, 0 if there is none of that name. */
    static int interfaceIndex(String name) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) IF_NAMETOINDEX.invokeExact(arena.allocate(CALL_STATE), arena.allocateFrom(name));
        } catch (Throwable unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    static String errorText(int errno) {
        try {
            MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
            return text.reinterpret(LONGEST_ERROR_TEXT).getString(0);
        } catch (Throwable unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    private static long checked(String doing, Call call) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            long result = call.on(state);
            if (result < 0) {
                throw new IOException("cannot " + doing + ": " + errorText((int) ERRNO.get(state, 0L)));
            }
            return result;
        } catch (IOException | RuntimeException | Error known) {
            throw known;
        } catch (Throwable unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    private static MethodHandle bind(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }
}
