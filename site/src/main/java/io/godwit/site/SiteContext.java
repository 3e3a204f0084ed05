package io.godwit.site;

import io.godwit.core.SiteName;
import io.godwit.hypervisor.Accelerator;
import io.godwit.link.Link;
import io.godwit.link.SiteIdentity;
import io.godwit.network.Edge;

/** What every part of a running site may use. */
public record SiteContext(SiteConfig config, SiteIdentity identity, Edge edge, Accelerator accelerator) {
    public SiteName name() {
        return config.name();
    }

    public Link linkTo(SiteName peer) {
        return new Link(identity, peer);
    }
}
