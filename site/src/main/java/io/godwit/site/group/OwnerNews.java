package io.godwit.site.group;

import io.godwit.site.peer.PeerRequest.OwnersLog;
import java.util.Optional;

/**
 * What a follower has heard of the owner last, for the day on which it is lost. Not kept over a restart.
 *
 * @param nanoTime when
 */
record OwnerNews(long nanoTime, Optional<OwnersLog> log) {
    long silentMillis() {
        return (System.nanoTime() - nanoTime) / 1_000_000;
    }
}
