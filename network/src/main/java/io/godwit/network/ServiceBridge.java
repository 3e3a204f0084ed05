package io.godwit.network;

/**
 * The bridge that a site's VMs are plugged into, and the gateway on it. Its ports are isolated from each other and the
 * gateway answers ARP for every service address: all traffic between VMs is routed, at the edge, so a VM that has moved
 * away is reached from its old neighbours as from anywhere, by the route.
 */
final class ServiceBridge {
    private final ServiceNet net;

    ServiceBridge(ServiceNet net) {
        this.net = net;
    }

    /** Makes the bridge, or repairs one that an earlier run left half-made. */
    void setUp() {
        routeBetweenInterfaces();
        InterfaceName bridge = net.bridge();
        if (!Ip.exists(bridge)) {
            Ip.run("link", "add", "name", bridge, "group", Ip.LINK_GROUP, "type", "bridge");
        }
        Ip.run(words("link set dev %s address %s group %s".formatted(bridge, net.gatewayMac(), Ip.LINK_GROUP)));
        Ip.run(words("link set dev %s type bridge stp_state 0 forward_delay 0 mcast_snooping 0".formatted(bridge)));
        KernelSetting.setIfThere("ipv6/conf/" + bridge + "/disable_ipv6", 1);
        Ip.run("address", "replace", net.gateway(), "dev", bridge);
        Ip.run("link", "set", "dev", bridge, "up");
        answerForEveryServiceAddress();
    }

    void tearDown() {
        if (Ip.exists(net.bridge())) {
            Ip.run("link", "delete", "dev", net.bridge());
        }
    }

    /** Paths are asymmetric while a service moves: a packet's way back need not be the way it came. */
    private void routeBetweenInterfaces() {
        KernelSetting.set("ipv4/ip_forward", 1);
        KernelSetting.set("ipv4/conf/all/rp_filter", 0);
        KernelSetting.set("ipv4/conf/default/rp_filter", 0);
    }

    private void answerForEveryServiceAddress() {
        String settings = "ipv4/conf/" + net.bridge() + "/";
        KernelSetting.set(settings + "rp_filter", 0);
        KernelSetting.set(settings + "proxy_arp", 1);
        KernelSetting.set(settings + "proxy_arp_pvlan", 1);
        KernelSetting.set(settings + "send_redirects", 0);
        KernelSetting.set("ipv4/conf/all/send_redirects", 0);
        KernelSetting.set("ipv4/neigh/" + net.bridge() + "/proxy_delay", 0);
    }

    private static Object[] words(String line) {
        return line.split(" ");
    }
}
