package io.godwit.api;

import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import java.util.List;
import java.util.Optional;

/** A site as it sees itself and its peers. */
public record SiteStatus(
        SiteName site,
        String version,
        String fingerprint,
        List<Peer> peers,
        List<GroupStatus> groups,
        List<Idle> idle,
        Optional<Voting> voting) {
    public record Peer(SiteName name, String address) {}

    /** A group that is stored at the site and could not be taken up, and why; the site goes on trying. */
    public record Idle(GroupName group, String reason) {}

    /**
     * How it stands with those who decide which site may write, as the site's own voter sees it; absent at a site without voters.
     *
     * @param leader whom they follow at present; none if they can't decide
     * @param reachable the voters that are heard, the site's own included
     */
    public record Voting(
            Optional<SiteName> leader, List<SiteName> voters, List<SiteName> reachable, Optional<String> trouble) {}
}
