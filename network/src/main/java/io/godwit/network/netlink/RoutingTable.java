package io.godwit.network.netlink;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;

/**
 * The kernel's main IPv4 routing table, in the network namespace of the thread that opened this. Each change is one
 * message and atomic: a packet is routed either as before or as after it. Every method returns when the kernel has
 * acknowledged the change. One thread at a time is let in.
 */
public final class RoutingTable implements AutoCloseable {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int NETLINK_ROUTE = 0;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final long ANSWER_WITHIN_SECONDS = 2;
    private static final int MAX_ANSWER_BYTES = 8192;
    private static final int ERROR_MESSAGE = 2;
    private static final int ESRCH = 3;

    private final int socket;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment answer = arena.allocate(MAX_ANSWER_BYTES, 8);
    private int sequence;
    private boolean closed;

    private RoutingTable(int socket) {
        this.socket = socket;
    }

    public static RoutingTable open() throws IOException {
        RoutingTable table = new RoutingTable(NetlinkCalls.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_ROUTE));
        try (Arena arena = Arena.ofConfined()) {
            NetlinkCalls.setOption(
                    table.socket,
                    SOL_SOCKET,
                    SO_RCVTIMEO,
                    arena.allocateFrom(ValueLayout.JAVA_LONG, ANSWER_WITHIN_SECONDS, 0));
        } catch (IOException failed) {
            table.close();
            throw failed;
        }
        return table;
    }

    /** The index of an interface in the calling thread's namespace, if it exists. */
    public static OptionalInt interfaceIndex(String name) {
        int index = NetlinkCalls.interfaceIndex(name);
        return index == 0 ? OptionalInt.empty() : OptionalInt.of(index);
    }

    /** Adds the route, or replaces the one with the same destination and metric. */
    public synchronized void put(HostRoute route) throws IOException {
        int error = change(new RouteMessage(RouteMessage.Kind.PUT, route));
        if (error != 0) {
            throw refused("add", route, error);
        }
    }

    /** Removes the route; {@code false} if it was not there. */
    public synchronized boolean delete(HostRoute route) throws IOException {
        int error = change(new RouteMessage(RouteMessage.Kind.DELETE, route));
        if (error != 0 && error != ESRCH) {
            throw refused("remove", route, error);
        }
        return error == 0;
    }

    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            NetlinkCalls.close(socket);
            arena.close();
        }
    }

    private int change(RouteMessage message) throws IOException {
        if (closed) {
            throw new IOException("the routing table was closed");
        }
        int number = ++sequence;
        try (Arena call = Arena.ofConfined()) {
            NetlinkCalls.send(socket, call.allocateFrom(ValueLayout.JAVA_BYTE, message.encode(number)));
        }
        return acknowledgement(number);
    }

    /** The kernel's answer to message {@code number}: 0 or an error number. An answer to an earlier message is passed over. */
    private int acknowledgement(int number) throws IOException {
        while (true) {
            int length = (int) NetlinkCalls.receive(socket, answer);
            OptionalInt error = errorIn(answer.asSlice(0, length).asByteBuffer(), number);
            if (error.isPresent()) {
                return error.getAsInt();
            }
        }
    }

    static OptionalInt errorIn(ByteBuffer answer, int number) throws IOException {
        ByteBuffer in = answer.order(ByteOrder.nativeOrder());
        if (in.remaining() < RouteMessage.HEADER_BYTES + 4) {
            throw new IOException("the kernel's answer about a route is only %d bytes long".formatted(in.remaining()));
        }
        boolean ours = in.getInt(8) == number && in.getShort(4) == ERROR_MESSAGE;
        return ours ? OptionalInt.of(-in.getInt(RouteMessage.HEADER_BYTES)) : OptionalInt.empty();
    }

    private static GodwitException refused(String doing, HostRoute route, int error) {
        return new GodwitException(
                ErrorCode.FAILED,
                "the kernel would not %s a host route through interface %d: %s"
                        .formatted(doing, route.interfaceIndex(), NetlinkCalls.errorText(error)));
    }
}
