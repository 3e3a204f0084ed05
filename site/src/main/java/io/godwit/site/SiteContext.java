package io.godwit.site;

import io.godwit.core.SiteName;
import io.godwit.hypervisor.Accelerator;
import io.godwit.link.Link;
import io.godwit.link.LinkLimits;
import io.godwit.link.SiteIdentity;
import io.godwit.network.Edge;
import io.godwit.network.Ipv4Address;
import io.godwit.quorum.Quorum;
import io.godwit.site.disks.DiskReaders;
import io.godwit.volume.nbd.NbdServer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Inet4Address;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What every part of a running site may use.
 *
 * @param disks where the disks of this site's machines are offered to them
 * @param quorum the voters that decide who may write; none at a site that is configured without
 */
public record SiteContext(
        SiteConfig config,
        SiteIdentity identity,
        Edge edge,
        NbdServer disks,
        DiskReaders readers,
        Supplier<Accelerator> hardware,
        Optional<Quorum> quorum) {
    private static final Logger LOG = System.getLogger(SiteContext.class.getName());
    private static final LinkLimits QUICK = new LinkLimits(
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            LinkLimits.DEFAULT.strangers(),
            LinkLimits.DEFAULT.channels());

    /** A site without voters. */
    public SiteContext(
            SiteConfig config,
            SiteIdentity identity,
            Edge edge,
            NbdServer disks,
            DiskReaders readers,
            Supplier<Accelerator> hardware) {
        this(config, identity, edge, disks, readers, hardware, Optional.empty());
    }

    public SiteName name() {
        return config.name();
    }

    /** What runs new machines here. Finding out takes a moment, which a restarted daemon doesn't have. */
    public Accelerator accelerator() {
        return hardware.get();
    }

    /** Lets what is sent to a peer keep its rate when the path loses packets, where the kernel can do that. */
    public void keepRateTo(SiteName peer) {
        if (identity.peers().require(peer).address().resolve().getAddress() instanceof Inet4Address address
                && !edge.pinRouteToPeer(Ipv4Address.parse(address.getHostAddress()))) {
            LOG.log(Level.INFO, "this kernel has no BBR: a path that loses packets will be slow");
        }
    }

    /** The same way, for a question whose answer is worth little later: a peer that is lost is noticed soon. */
    public Link quickLinkTo(SiteName peer) {
        return new Link(identity, peer, QUICK);
    }

    public Link linkTo(SiteName peer) {
        return new Link(identity, peer);
    }
}
