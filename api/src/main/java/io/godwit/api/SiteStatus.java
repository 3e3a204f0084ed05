package io.godwit.api;

import io.godwit.core.SiteName;
import java.util.List;

/** A site as it sees itself and its peers. */
public record SiteStatus(
        SiteName site, String version, String fingerprint, List<Peer> peers, List<GroupStatus> groups) {
    public record Peer(SiteName name, String address) {}
}
