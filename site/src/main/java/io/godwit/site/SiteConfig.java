package io.godwit.site;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import io.godwit.core.json.Json;
import io.godwit.link.PeerAddress;
import io.godwit.link.SiteIdentity;
import io.godwit.network.InterfaceName;
import io.godwit.network.Ipv4Address;
import io.godwit.network.Ipv4Interface;
import io.godwit.network.MacAddress;
import io.godwit.network.ServiceNet;
import io.godwit.site.disks.DiskReaders;
import io.godwit.voter.Voter;
import io.godwit.voter.VoterList;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a site daemon is set up; {@code docs/site.md} describes the file.
 *
 * @param stateDir what must survive: identity, groups, logs, replicas
 * @param runDir sockets and logs of the running daemon and its guests
 * @param ramDir where guests' memory lives, on a tmpfs
 * @param listen address and port for peers
 * @param metrics loopback address and port at which the site's metrics can be read; none if absent
 * @param underlay this site's IPv4 address on the path to its peers, for tunnels
 * @param nbd where disks are offered to readers on the network; nowhere, if it is left out
 * @param voters who decides which site may write; without them, an operator does
 */
public record SiteConfig(
        SiteName name,
        String stateDir,
        String runDir,
        String ramDir,
        String listen,
        String underlay,
        Service service,
        int bgpPort,
        Optional<Nbd> nbd,
        Optional<String> metrics,
        Optional<List<SiteName>> voters) {

    /** The network in which services have their addresses; the same at every site. */
    public record Service(String bridge, String gateway, String gatewayMac) {
        public Service {
            new InterfaceName(bridge);
            Ipv4Interface.parse(gateway);
            new MacAddress(gatewayMac);
        }
    }

    /**
     * A port for readers of disks.
     *
     * @param certificates directory with {@code ca-cert.pem}, {@code server-cert.pem} and {@code server-key.pem}
     */
    public record Nbd(String listen, String certificates) {
        public Nbd {
            PeerAddress.parse(listen);
            requireAbsolute(certificates);
        }

        private DiskReaders open() {
            try {
                return DiskReaders.on(PeerAddress.parse(listen), Path.of(certificates));
            } catch (IOException failed) {
                throw new GodwitException(
                        ErrorCode.FAILED,
                        "NBD cannot be offered on %s: %s".formatted(listen, failed.getMessage()),
                        failed);
            }
        }
    }

    /** A site without voters. */
    public SiteConfig(
            SiteName name,
            String stateDir,
            String runDir,
            String ramDir,
            String listen,
            String underlay,
            Service service,
            int bgpPort,
            Optional<Nbd> nbd,
            Optional<String> metrics) {
        this(name, stateDir, runDir, ramDir, listen, underlay, service, bgpPort, nbd, metrics, Optional.empty());
    }

    public SiteConfig {
        voters.map(VoterList::new).ifPresent(list -> list.requireOwn(name));
        PeerAddress.parse(listen);
        metrics.map(PeerAddress::parse).ifPresent(SiteConfig::requireLoopback);
        Ipv4Address.parse(underlay);
        for (String directory : new String[] {stateDir, runDir, ramDir}) {
            requireAbsolute(directory);
        }
    }

    private static void requireAbsolute(String path) {
        if (!Path.of(path).isAbsolute()) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "'%s' is not an absolute path".formatted(path));
        }
    }

    /** Metrics are not secret, but nobody proves who he is before he reads them. */
    private static void requireLoopback(PeerAddress address) {
        InetAddress resolved = address.resolve().getAddress();
        if (resolved == null || !resolved.isLoopbackAddress()) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "metrics are offered on a loopback address only, such as 127.0.0.1:9464, not on " + address);
        }
    }

    public static SiteConfig load(Path file) {
        try {
            return Json.read(Files.readString(file), SiteConfig.class, file.toString());
        } catch (NoSuchFileException absent) {
            throw new GodwitException(ErrorCode.NOT_FOUND, "there is no site configuration at " + file, absent);
        } catch (IOException unreadable) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "%s cannot be read: %s".formatted(file, unreadable.getMessage()), unreadable);
        }
    }

    /** This site's voter, if it has one. */
    Optional<Voter> voter(SiteIdentity identity) {
        Path directory = Path.of(stateDir).resolve("voter");
        return voters.map(names -> Voter.open(identity, new VoterList(names), directory));
    }

    /** Begins to offer disks to readers, if that is wanted. */
    DiskReaders readers() {
        return nbd.map(Nbd::open).orElse(DiskReaders.none());
    }

    /** Where this site's machines find their disks. */
    public Path disksSocket() {
        return Path.of(runDir).resolve("disks.sock");
    }

    public Path apiSocket() {
        return Path.of(runDir).resolve("api.sock");
    }

    public PeerAddress listenAddress() {
        return PeerAddress.parse(listen);
    }

    public Optional<PeerAddress> metricsAddress() {
        return metrics.map(PeerAddress::parse);
    }

    public Ipv4Address underlayAddress() {
        return Ipv4Address.parse(underlay);
    }

    public ServiceNet serviceNet() {
        return new ServiceNet(
                new InterfaceName(service.bridge()),
                Ipv4Interface.parse(service.gateway()),
                new MacAddress(service.gatewayMac()));
    }
}
