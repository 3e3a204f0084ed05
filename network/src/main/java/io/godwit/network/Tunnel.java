package io.godwit.network;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;

/**
 * One end of a VXLAN tunnel to another site's edge, ready for the first packet: the far end's address and MAC are known
 * beforehand, so nothing has to be asked when traffic is diverted into it.
 *
 * <p>What comes out of a tunnel is meant for this site: a rule of its own routes it straight to the service bridge,
 * whatever the main table says. So two edges that both divert an address into the tunnel make no loop.
 */
final class Tunnel {
    /** Outer Ethernet, IPv4, UDP and VXLAN headers, less the outer Ethernet header, plus the inner one (RFC 7348). */
    static final int OVERHEAD_BYTES = 20 + 8 + 8 + 14;

    private static final int SERVICE_MTU = 1500;
    private static final int LEAST_MTU = 576;
    private static final int VXLAN_PORT = 4789;
    private static final int ARRIVAL_TABLE = 71;
    private static final int ARRIVAL_RULE = 710;

    private final TunnelSpec spec;

    Tunnel(TunnelSpec spec) {
        this.spec = spec;
    }

    /**
     * Makes the tunnel, or repairs one that an earlier run left half-made. A tunnel of that name but to another place, or whose
     * ends have changed places since, is replaced.
     */
    void prepare(ServiceNet net) {
        if (Ip.exists(spec.device()) && !isTheRightOne()) {
            remove(spec.device());
        }
        if (!Ip.exists(spec.device())) {
            create();
        }
        KernelSetting.set("ipv4/conf/" + spec.device() + "/rp_filter", 0);
        KernelSetting.set("ipv4/conf/" + spec.device() + "/send_redirects", 0);
        KernelSetting.setIfThere("ipv6/conf/" + spec.device() + "/disable_ipv6", 1);
        Ip.run("address", "replace", spec.localInner(), "dev", spec.device());
        Ip.run("link", "set", "dev", spec.device(), "group", Ip.LINK_GROUP, "mtu", mtu(), "up");
        MacAddress farMac = MacAddress.derivedFrom(spec.remoteInner());
        Ip.run("neighbour", "replace", spec.remoteInner(), "lladdr", farMac, "dev", spec.device(), "nud", "permanent");
        routeArrivalsTo(net);
    }

    static void remove(InterfaceName device) {
        while (Ip.attempt("rule", "delete", "priority", ARRIVAL_RULE, "iif", device)) {
            // Every run may have left one.
        }
        if (Ip.exists(device)) {
            Ip.run("link", "delete", "dev", device);
        }
    }

    /** The largest IP packet that fits through, in bytes. */
    int mtu() {
        String path = Ip.wordAfter("dev", Ip.run("-o", "route", "get", spec.remoteUnderlay()));
        String mtu = Ip.wordAfter("mtu", Ip.run("-o", "link", "show", "dev", path));
        int fits = Math.min(SERVICE_MTU, Integer.parseInt(mtu) - OVERHEAD_BYTES);
        if (fits < LEAST_MTU) {
            throw new GodwitException(
                    ErrorCode.UNSUPPORTED,
                    "the path to %s through %s carries %s bytes, too few for a tunnel"
                            .formatted(spec.remoteUnderlay(), path, mtu));
        }
        return fits;
    }

    /** Whether a full service packet has to be made smaller to go through. */
    boolean isNarrow() {
        return mtu() < SERVICE_MTU;
    }

    TunnelCounters counters() {
        return InterfaceCounters.read(spec.device())
                .orElseThrow(() -> new GodwitException(
                        ErrorCode.NOT_FOUND, "there is no tunnel %s at this edge".formatted(spec.device())));
    }

    private void create() {
        Ip.run(
                "link",
                "add",
                "name",
                spec.device(),
                "group",
                Ip.LINK_GROUP,
                "address",
                localMac(),
                "type",
                "vxlan",
                "id",
                spec.vni(),
                "local",
                spec.localUnderlay(),
                "remote",
                spec.remoteUnderlay(),
                "dstport",
                VXLAN_PORT,
                "nolearning");
    }

    /** With the far end's hardware address this end would be sent nothing, and the kernel drops what comes from its own. */
    private boolean isTheRightOne() {
        String details = Ip.run("-o", "-d", "link", "show", "dev", spec.device());
        return details.contains(" vxlan id %d remote %s local %s "
                        .formatted(spec.vni(), spec.remoteUnderlay(), spec.localUnderlay()))
                && details.contains(" link/ether %s ".formatted(localMac()));
    }

    private MacAddress localMac() {
        return MacAddress.derivedFrom(spec.localInner().address());
    }

    private void routeArrivalsTo(ServiceNet net) {
        Ip.run("route", "replace", net.gateway().network(), "dev", net.bridge(), "table", ARRIVAL_TABLE);
        String rules = Ip.run("-o", "rule", "show", "priority", ARRIVAL_RULE);
        if (!rules.contains(" iif " + spec.device() + " ")) {
            Ip.run("rule", "add", "priority", ARRIVAL_RULE, "iif", spec.device(), "lookup", ARRIVAL_TABLE);
        }
    }
}
