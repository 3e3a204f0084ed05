package io.godwit.lab.net;

import io.godwit.core.Command;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.lab.DaemonSpec;
import io.godwit.lab.LabAddresses;
import io.godwit.lab.LabPaths;
import io.godwit.lab.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The core's router: BIRD, which takes host routes of the service network from each site by BGP and puts the preferred
 * one into the kernel. A site says how much it wants a route by a community, which the import filter turns into the
 * local preference.
 */
public record CoreRouter(LabPaths paths) {
    private static final Duration SESSIONS_WITHIN = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(50);

    public DaemonSpec daemon() throws IOException {
        Path file = paths.config().resolve("bird.conf");
        Files.writeString(file, configuration());
        return new DaemonSpec(
                "bird",
                Place.CORE,
                List.of(
                        "bird",
                        "-f",
                        "-c",
                        file.toString(),
                        "-s",
                        paths.birdSocket().toString()));
    }

    /** Returns when both sites have a BGP session with the core. */
    public void awaitSessions() throws InterruptedException {
        long deadline = System.nanoTime() + SESSIONS_WITHIN.toNanos();
        String protocols = "";
        while (!isEstablished(protocols, Place.EAST) || !isEstablished(protocols, Place.WEST)) {
            if (System.nanoTime() - deadline >= 0) {
                throw new GodwitException(
                        ErrorCode.FAILED,
                        "the sites have no BGP session with the core after %d s; see %s: %s"
                                .formatted(SESSIONS_WITHIN.toSeconds(), paths.logs(), protocols.strip()));
            }
            Thread.sleep(POLL);
            protocols = Command.of("birdc", "-s", paths.birdSocket().toString(), "show", "protocols")
                    .attempt()
                    .output();
        }
    }

    private static boolean isEstablished(String protocols, Place site) {
        return protocols.lines().anyMatch(line -> line.startsWith(site + " ") && line.contains("Established"));
    }

    private static String configuration() {
        return """
                # Written by the lab; changes are lost.
                router id %s;
                log stderr all;

                protocol device {
                    scan time 10;
                }

                protocol kernel {
                    scan time 10;
                    ipv4 {
                        import none;
                        export where source = RTS_BGP;
                    };
                }

                filter from_site {
                    if net !~ [ %s{32,32} ] then reject;
                    bgp_local_pref = 50;
                    if (65000, 100) ~ bgp_community then bgp_local_pref = 100;
                    if (65000, 200) ~ bgp_community then bgp_local_pref = 200;
                    accept;
                }

                template bgp site {
                    local as %d;
                    hold time 6;
                    keepalive time 2;
                    connect delay time 1;
                    connect retry time 1;
                    error wait time 1, 2;
                    ipv4 {
                        import filter from_site;
                        export none;
                    };
                }

                %s
                %s
                """.formatted(
                        LabAddresses.CORE_TO_CLIENT,
                        LabAddresses.SERVICE_NET,
                        LabAddresses.CORE_AS,
                        neighbour(Place.EAST),
                        neighbour(Place.WEST));
    }

    private static String neighbour(Place site) {
        return """
                protocol bgp %s from site {
                    source address %s;
                    neighbor %s as %d;
                }
                """.formatted(
                        site,
                        LabAddresses.coreToSite(site),
                        LabAddresses.siteToCore(site),
                        LabAddresses.autonomousSystem(site));
    }
}
