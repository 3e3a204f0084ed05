package io.godwit.network;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.network.netlink.HostRoute;
import io.godwit.network.netlink.RoutingTable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The two host routes of a service address at an edge. The better one leads to the VM's port here, the worse one into
 * the tunnel; the worse one stands ready all the time, so diverting is the removal of the better one and nothing else.
 */
final class HostRoutes implements AutoCloseable {
    private static final int METRIC_HERE = 10;
    private static final int METRIC_DIVERTED = 100;

    private final InterfaceName bridge;
    private final RoutingTable table;

    HostRoutes(InterfaceName bridge) {
        this.bridge = bridge;
        this.table = opened();
    }

    /** Puts the worse route in its place, unused while the better one is there. */
    void putDiverted(Ipv4Address address, Diversion diversion) {
        change(() -> table.put(diverted(address, diversion)));
    }

    void removeDiverted(Ipv4Address address, Diversion diversion) {
        if (Ip.exists(diversion.device())) {
            change(() -> table.delete(diverted(address, diversion)));
        }
    }

    /** Makes sure of the worse route, then takes the better one away. Returns how long the kernel took for both. */
    Duration divert(Ipv4Address address, Diversion diversion) {
        HostRoute worse = diverted(address, diversion);
        HostRoute better = here(address);
        long began = System.nanoTime();
        change(() -> {
            table.put(worse);
            table.delete(better);
        });
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Puts the better route in its place; from that moment traffic goes to the port here. */
    Duration keepHere(Ipv4Address address) {
        HostRoute better = here(address);
        long began = System.nanoTime();
        change(() -> table.put(better));
        return Duration.ofNanos(System.nanoTime() - began);
    }

    void removeHere(Ipv4Address address) {
        if (Ip.exists(bridge)) {
            HostRoute better = here(address);
            change(() -> table.delete(better));
        }
    }

    /** Where the kernel would send a packet for the address now; empty if neither host route is there. */
    Optional<Placement> placement(Ipv4Address address) {
        String routes = Ip.run("-o", "route", "show", address + "/32");
        if (routes.contains(" metric " + METRIC_HERE + " ")) {
            return Optional.of(Placement.HERE);
        }
        return routes.contains(" metric " + METRIC_DIVERTED + " ")
                ? Optional.of(Placement.ELSEWHERE)
                : Optional.empty();
    }

    @Override
    public void close() throws IOException {
        table.close();
    }

    private HostRoute here(Ipv4Address address) {
        return new HostRoute(address.bits(), index(bridge), OptionalInt.empty(), METRIC_HERE, OptionalInt.empty());
    }

    private static HostRoute diverted(Ipv4Address address, Diversion diversion) {
        OptionalInt gateway = OptionalInt.of(diversion.nextHop().bits());
        return new HostRoute(address.bits(), index(diversion.device()), gateway, METRIC_DIVERTED, diversion.mtu());
    }

    private static int index(InterfaceName device) {
        return RoutingTable.interfaceIndex(device.value())
                .orElseThrow(() -> new GodwitException(
                        ErrorCode.NOT_FOUND, "there is no interface %s at this edge".formatted(device)));
    }

    private interface Change {
        void make() throws IOException;
    }

    private static void change(Change change) {
        try {
            change.make();
        } catch (IOException broken) {
            throw new GodwitException(ErrorCode.FAILED, "cannot change this edge's routes", broken);
        }
    }

    private static RoutingTable opened() {
        try {
            return RoutingTable.open();
        } catch (IOException refused) {
            throw new GodwitException(
                    ErrorCode.UNSUPPORTED, "this edge cannot speak to the kernel's routing table", refused);
        }
    }
}
