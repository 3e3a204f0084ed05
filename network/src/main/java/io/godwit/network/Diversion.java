package io.godwit.network;

import java.util.OptionalInt;

/**
 * Where diverted traffic goes: through a tunnel's interface to its far end.
 *
 * @param mtu the largest packet in bytes that fits, if a full service packet does not
 */
record Diversion(InterfaceName device, Ipv4Address nextHop, OptionalInt mtu) {
    static Diversion into(TunnelSpec tunnel) {
        Tunnel built = new Tunnel(tunnel);
        OptionalInt mtu = built.isNarrow() ? OptionalInt.of(built.mtu()) : OptionalInt.empty();
        return new Diversion(tunnel.device(), tunnel.remoteInner(), mtu);
    }
}
