package io.godwit.lab.net;

import io.godwit.lab.DaemonSpec;
import io.godwit.lab.LabAddresses;
import io.godwit.lab.LabPaths;
import io.godwit.lab.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A site's BGP speaker: gobgpd, which announces to the core what it is told on its client port. It waits for the core to connect. */
public record SiteSpeaker(Place site, LabPaths paths) {
    public DaemonSpec daemon() throws IOException {
        Path file = paths.config().resolve("gobgpd-%s.toml".formatted(site));
        Files.writeString(file, configuration());
        return new DaemonSpec(
                "gobgpd-" + site,
                site,
                List.of(
                        "gobgpd",
                        "-f",
                        file.toString(),
                        "--api-hosts",
                        "127.0.0.1:" + LabAddresses.SPEAKER_PORT,
                        "--pprof-disable"));
    }

    private String configuration() {
        return """
                # Written by the lab; changes are lost.
                [global.config]
                  as = %d
                  router-id = "%s"
                  local-address-list = ["%s"]

                [[neighbors]]
                  [neighbors.config]
                    neighbor-address = "%s"
                    peer-as = %d
                  [neighbors.transport.config]
                    passive-mode = true
                  [neighbors.timers.config]
                    hold-time = 6
                    keepalive-interval = 2
                    idle-hold-time-after-reset = 1
                  [[neighbors.afi-safis]]
                    [neighbors.afi-safis.config]
                      afi-safi-name = "ipv4-unicast"
                """.formatted(
                        LabAddresses.autonomousSystem(site),
                        LabAddresses.siteToCore(site),
                        LabAddresses.siteToCore(site),
                        LabAddresses.coreToSite(site),
                        LabAddresses.CORE_AS);
    }
}
