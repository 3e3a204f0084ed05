package io.godwit.lab.chaos;

import io.godwit.api.GroupStatus;
import io.godwit.api.SiteStatus;
import io.godwit.core.SiteName;
import java.util.Optional;

/**
 * What a site said of itself, at a moment between the question and the answer; times are those of System.nanoTime.
 *
 * @param group the one that the run is about, if the site has it
 */
record Sight(SiteName site, long askedNanos, long answeredNanos, SiteStatus status, Optional<GroupStatus> group) {
    /** Whether the site takes the group for its own. */
    boolean owns() {
        return group.filter(seen -> seen.owner().equals(site)).isPresent();
    }

    Optional<GroupStatus.Tenure> tenure() {
        return group.flatMap(GroupStatus::tenure);
    }

    /** Whether the site's disks may answer, as it says. */
    boolean serves() {
        return owns()
                && tenure().filter(held -> held.standing().equals("serving") && held.leaseMillisLeft() > 0)
                        .isPresent();
    }
}
