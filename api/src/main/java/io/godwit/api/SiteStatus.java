package io.godwit.api;

import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import java.util.List;

/** A site as it sees itself and its peers. */
public record SiteStatus(
        SiteName site,
        String version,
        String fingerprint,
        List<Peer> peers,
        List<GroupStatus> groups,
        List<Idle> idle) {
    public record Peer(SiteName name, String address) {}

    /** A group that is stored at the site and could not be taken up, and why; the site goes on trying. */
    public record Idle(GroupName group, String reason) {}
}
