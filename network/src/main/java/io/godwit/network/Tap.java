package io.godwit.network;

import io.godwit.core.Command;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The TAP device through which a VM is plugged into the service network. It outlives the QEMU that opens it, and its
 * queue keeps what arrives while the VM is stopped.
 */
final class Tap {
    /** Packets that wait in the kernel while the VM is stopped: two seconds at 5,000 packets a second. */
    private static final int QUEUE_PACKETS = 10_000;

    private static final Pattern SENT =
            Pattern.compile("Sent \\d+ bytes (\\d+) pkt.*?backlog \\d+\\w* (\\d+)p", Pattern.DOTALL);

    private final ServicePort port;

    Tap(ServicePort port) {
        this.port = port;
    }

    /** Makes the device and everything that a packet for the VM needs to find it without asking: its neighbour and bridge entries. */
    void plugInto(InterfaceName bridge) {
        InterfaceName tap = port.tap();
        if (Ip.exists(tap) && hasGhosts()) {
            Ip.run("link", "delete", "dev", tap);
        }
        if (!Ip.exists(tap)) {
            Ip.run("tuntap", "add", "dev", tap, "mode", "tap");
        }
        KernelSetting.setIfThere("ipv6/conf/" + tap + "/disable_ipv6", 1);
        Ip.run("link", "set", "dev", tap, "group", Ip.LINK_GROUP, "txqueuelen", QUEUE_PACKETS, "master", bridge, "up");
        Ip.bridge("link", "set", "dev", tap, "isolated", "on", "mcast_flood", "off");
        Ip.bridge("fdb", "replace", port.mac(), "dev", tap, "master", "static");
        Ip.run("neighbour", "replace", port.address(), "lladdr", port.mac(), "dev", bridge, "nud", "permanent");
    }

    /**
     * Whether the kernel counts packets as waiting that it threw away when the last reader closed the device. A new
     * device starts to count anew; nobody has this one open.
     */
    private boolean hasGhosts() {
        return Ip.run("-o", "link", "show", "dev", port.tap()).contains("NO-CARRIER") && waiting() > 0;
    }

    /** Whether somebody holds the device open and the bridge forwards to it; the kernel takes a moment for that. */
    boolean isLive() {
        return Ip.exists(port.tap())
                && Ip.bridge("link", "show", "dev", port.tap()).contains(" state forwarding ");
    }

    void unplugFrom(InterfaceName bridge) {
        Ip.attempt("neighbour", "delete", port.address(), "dev", bridge);
        if (Ip.exists(port.tap())) {
            Ip.run("link", "delete", "dev", port.tap());
        }
    }

    /**
     * Packets that the kernel holds for the VM and that QEMU has not read yet: what was queued to the device, less what
     * was read from it. Segments that the kernel had merged are counted one by one, so it may be too many, never too few.
     */
    long waiting() {
        String queue = Command.of("tc", "-s", "qdisc", "show", "dev", port.tap().value())
                .run();
        Matcher sent = SENT.matcher(queue);
        if (!sent.find()) {
            throw new GodwitException(ErrorCode.FAILED, "no queue counters at %s: %s".formatted(port.tap(), queue));
        }
        long backlog = Long.parseLong(sent.group(2));
        long read = InterfaceCounters.read(port.tap())
                .map(counted -> counted.sentPackets() + counted.dropped())
                .orElse(0L);
        return Math.max(0, Long.parseLong(sent.group(1)) - read) + backlog;
    }
}
