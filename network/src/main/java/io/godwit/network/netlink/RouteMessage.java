package io.godwit.network.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;

/**
 * One rtnetlink request about one route, as bytes (RFC 3549; linux/rtnetlink.h): a netlink header, an {@code rtmsg}
 * and its attributes, in this machine's byte order, with the addresses in network order.
 */
record RouteMessage(Kind kind, HostRoute route) {
    /** Marks the routes that Godwit made ({@code ip route show proto 71}). */
    static final int PROTOCOL = 71;

    enum Kind {
        /** Adds the route, or puts it in the place of the one with the same destination and metric, in one step. */
        PUT(24, 0x400 | 0x100),
        /** Removes exactly this route. */
        DELETE(25, 0);

        private final int type;
        private final int flags;

        Kind(int type, int flags) {
            this.type = type;
            this.flags = flags;
        }
    }

    static final int HEADER_BYTES = 16;

    private static final int REQUEST_AND_ACK = 0x1 | 0x4;
    private static final int MAX_BYTES = 128;
    private static final int FAMILY_INET = 2;
    private static final int TABLE_MAIN = 254;
    private static final int SCOPE_UNIVERSE = 0;
    private static final int SCOPE_LINK = 253;
    private static final int TYPE_UNICAST = 1;
    private static final int DESTINATION = 1;
    private static final int OUTPUT_INTERFACE = 4;
    private static final int GATEWAY = 5;
    private static final int PRIORITY = 6;
    private static final int METRICS = 8;
    private static final int METRIC_MTU = 2;

    byte[] encode(int sequence) {
        ByteBuffer out = ByteBuffer.allocate(MAX_BYTES).order(ByteOrder.nativeOrder());
        out.putInt(0).putShort((short) kind.type).putShort((short) (kind.flags | REQUEST_AND_ACK));
        out.putInt(sequence).putInt(0);
        out.put((byte) FAMILY_INET).put((byte) 32).put((byte) 0).put((byte) 0);
        out.put((byte) TABLE_MAIN).put((byte) PROTOCOL);
        out.put((byte) (route.gateway().isPresent() ? SCOPE_UNIVERSE : SCOPE_LINK));
        out.put((byte) TYPE_UNICAST).putInt(0);
        address(out, DESTINATION, route.destination());
        number(out, OUTPUT_INTERFACE, route.interfaceIndex());
        route.gateway().ifPresent(gateway -> address(out, GATEWAY, gateway));
        number(out, PRIORITY, route.metric());
        mtu(out, route.mtu());
        out.putInt(0, out.position());
        byte[] message = new byte[out.position()];
        out.flip().get(message);
        return message;
    }

    private static void mtu(ByteBuffer out, OptionalInt mtu) {
        if (mtu.isPresent()) {
            out.putShort((short) 12).putShort((short) METRICS);
            number(out, METRIC_MTU, mtu.getAsInt());
        }
    }

    private static void number(ByteBuffer out, int type, int value) {
        out.putShort((short) 8).putShort((short) type).putInt(value);
    }

    private static void address(ByteBuffer out, int type, int bits) {
        out.putShort((short) 8).putShort((short) type);
        out.put((byte) (bits >>> 24))
                .put((byte) (bits >>> 16))
                .put((byte) (bits >>> 8))
                .put((byte) bits);
    }
}
