package io.godwit.network.netlink;

import java.util.OptionalInt;

/**
 * A route to one IPv4 address in the kernel's main table. Addresses are 32-bit numbers, the first octet in the highest byte.
 *
 * @param interfaceIndex the interface through which packets leave
 * @param gateway the next hop, if the destination is not on that interface's own link
 * @param metric the kernel uses the route with the lowest one; must not be 0
 * @param mtu the largest IP packet in bytes that fits on this route, if that is less than the interface's MTU
 */
public record HostRoute(int destination, int interfaceIndex, OptionalInt gateway, int metric, OptionalInt mtu) {
    public HostRoute {
        if (interfaceIndex <= 0) {
            throw new IllegalArgumentException("interface indexes begin at 1: " + interfaceIndex);
        }
        if (metric <= 0) {
            throw new IllegalArgumentException("a host route needs a positive metric: " + metric);
        }
    }
}
