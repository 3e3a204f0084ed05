package io.godwit.network;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The route to another site's underlay address, given a congestion control that keeps its rate when the path loses packets. */
final class PeerRoute {
    private static final String WANTED = "bbr";
    private static final Path AVAILABLE = Path.of("/proc/sys/net/ipv4/tcp_available_congestion_control");

    private PeerRoute() {}

    /** Pins the present route to the peer as a host route of ours; {@code false} if the kernel has no BBR and nothing was changed. */
    static boolean pin(Ipv4Address peer) {
        if (!available().contains(WANTED)) {
            return false;
        }
        String found = Ip.run("-o", "route", "get", peer);
        String device = Ip.wordAfter("dev", found);
        String via = Ip.wordAfter("via", found);
        String hop = via.isEmpty() ? "dev " + device : "via " + via + " dev " + device;
        String route = "route replace %s/32 %s src %s proto 71 congctl %s"
                .formatted(peer, hop, Ip.wordAfter("src", found), WANTED);
        Ip.run((Object[]) route.split(" "));
        return true;
    }

    private static List<String> available() {
        try {
            return List.of(Files.readString(AVAILABLE).strip().split("\\s+"));
        } catch (IOException unreadable) {
            throw new GodwitException(ErrorCode.FAILED, "cannot read " + AVAILABLE, unreadable);
        }
    }
}
