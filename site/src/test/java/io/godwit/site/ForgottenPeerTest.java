package io.godwit.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.api.ApiRequest;
import io.godwit.core.Term;
import io.godwit.migration.Standing;
import io.godwit.site.peer.PeerRequest;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A peer is trusted for as long as a group is there as well, or until it is forgotten. */
@Timeout(120)
class ForgottenPeerTest {
    private static final PeerRequest.Greet GREETING = new PeerRequest.Greet(
            FollowingSite.SHOP, new Standing(FollowingSite.EAST, Term.FIRST, true), Optional.empty());

    @TempDir
    Path directory = Path.of("");

    @Test
    void whoeverHasAGroupIsNotForgotten() throws Exception {
        try (FollowingSite west = new FollowingSite(directory)) {
            west.pair();
            west.define();
            assertThatThrownBy(() -> west.done(new ApiRequest.Forget(FollowingSite.EAST)))
                    .hasMessageContaining("group shop is at east as well: 'godwit group remove shop' ends that first");
            assertThat(west.greet(GREETING)).isNotNull();
        }
    }

    @Test
    void whoeverIsForgottenCanNotConnectUntilItIsPairedAgain() throws Exception {
        try (FollowingSite west = new FollowingSite(directory)) {
            west.pair();
            assertThat(west.done(new ApiRequest.Forget(FollowingSite.EAST)))
                    .isEqualTo("east is not trusted here any more");
            west.restart();
            assertThatThrownBy(() -> west.greet(GREETING)).hasMessageContaining("is not paired with this one");
            west.pair();
            assertThatThrownBy(() -> west.greet(GREETING)).hasMessageContaining("there is no group shop");
        }
    }
}
