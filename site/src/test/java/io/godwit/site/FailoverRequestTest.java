package io.godwit.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.FailoverReport;
import io.godwit.api.FailoverReport.Outcome;
import io.godwit.api.PointWish;
import io.godwit.api.ReplicationMode;
import io.godwit.core.ByteCount;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.migration.Standing;
import io.godwit.site.peer.PeerReply;
import io.godwit.site.peer.PeerRequest;
import io.godwit.volume.GroupStore;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a site says when it is asked to take a group over, and when it refuses; nothing is taken over here. */
@Timeout(120)
class FailoverRequestTest {
    private static final GroupName SHOP = FollowingSite.SHOP;
    private static final ReplicationMode SYNC = ReplicationMode.DEFAULT.with(new ReplicationMode.Wish(
            ReplicationMode.Kind.SYNC,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));

    @TempDir
    Path directory = Path.of("");

    private FollowingSite west;
    private GroupStore owner;

    @BeforeEach
    void begin() throws Exception {
        west = new FollowingSite(directory);
        owner = west.found();
        west.pair();
        west.define();
    }

    @AfterEach
    void end() throws Exception {
        owner.close();
        west.close();
    }

    private static ApiRequest order(boolean confirmed) {
        return new ApiRequest.FailOver(SHOP, Optional.empty(), Optional.empty(), confirmed, false);
    }

    private FailoverReport propose() {
        return ((ApiReply.FailedOver) west.api().ask(order(false))).report();
    }

    private void assertRefused(ApiRequest request, String sentence) {
        assertThatThrownBy(() -> west.api().ask(request)).isInstanceOfSatisfying(GodwitException.class, refusal -> {
            assertThat(refusal.sentence()).contains(sentence);
            assertThat(refusal.code().refused()).as(refusal.code().toString()).isTrue();
        });
        assertThat(west.status().owner()).isEqualTo(FollowingSite.EAST);
        assertThat(directory.resolve("west/groups/shop/failover.json")).doesNotExist();
    }

    private static PeerRequest.Greet greeting(Term term, Position durable, ReplicationMode mode, boolean kept) {
        return new PeerRequest.Greet(
                SHOP,
                new Standing(FollowingSite.EAST, term, true),
                Optional.of(new PeerRequest.OwnersLog(durable, System.currentTimeMillis(), mode, kept)));
    }

    @Test
    void aReplicaThatIsNotCompleteCannotBeTakenOver() {
        assertRefused(order(false), "is not a complete copy");
        assertRefused(order(true), "is not a complete copy");
    }

    @Test
    void withoutYesItSaysWhatIsAtStake() throws Exception {
        west.ship(owner);
        FailoverReport unknown = propose();
        assertThat(unknown.outcome()).isEqualTo(Outcome.PROPOSED);
        assertThat(unknown.copy().shipped()).isEqualTo(owner.head());
        assertThat(unknown.copy().acknowledged()).isEmpty();
        assertThat(unknown.recovery().rpoMillis()).isEmpty();
        assertThat(unknown.risks())
                .anyMatch(risk -> risk.contains("site east must not be running group shop"))
                .anyMatch(risk -> risk.contains("how much of its log is missing is not known"));

        west.greet(greeting(Term.FIRST, owner.head().plus(5_000), ReplicationMode.DEFAULT, false));
        FailoverReport behind = propose();
        assertThat(behind.copy().behindBytes()).contains(new ByteCount(5_000));
        assertThat(behind.copy().acknowledged()).contains(owner.head().plus(5_000));
        assertThat(behind.copy().silentMillis()).isPresent();

        west.greet(greeting(Term.FIRST, owner.head(), SYNC, true));
        FailoverReport kept = propose();
        assertThat(kept.recovery().rpoMillis()).contains(0L);
        assertThat(kept.copy().mode()).isEqualTo(ReplicationMode.Kind.SYNC);
        assertThat(kept.risks()).anyMatch(risk -> risk.contains("nothing that was acknowledged as safe is missing"));
        assertThat(west.status().role()).isEqualTo("following");
    }

    @Test
    void whatMakesNoSenseIsRefused() throws Exception {
        west.ship(owner);
        assertRefused(
                new ApiRequest.FailOver(SHOP, Optional.of(new SiteName("north")), Optional.empty(), true, false),
                "ask site north");
        assertRefused(
                new ApiRequest.FailOver(
                        SHOP, Optional.empty(), Optional.of(PointWish.parse("no-such-mark")), true, false),
                "no mark 'no-such-mark'");
    }

    @Test
    void anOwnerThatAnswersAndServesIsNotFailedOver() throws Exception {
        west.ship(owner);
        Standing serves = new Standing(FollowingSite.EAST, Term.FIRST, true);
        west.whileEastAnswers(
                request -> new PeerReply.Greeted(serves),
                () -> assertRefused(order(true), "site east answers, and runs group shop"));
        Standing stubborn = new Standing(FollowingSite.EAST, Term.FIRST, false);
        west.whileEastAnswers(
                request -> new PeerReply.Greeted(stubborn),
                () -> assertRefused(order(true), "does not give group shop up"));
    }

    @Test
    void aFollowerAnswersWhoOwnsTheGroup() throws Exception {
        west.ship(owner);
        PeerReply.Greeted answer = west.greet(greeting(Term.FIRST, owner.head(), SYNC, true));
        assertThat(answer.standing()).isEqualTo(new Standing(FollowingSite.EAST, Term.FIRST, false));
        west.restart();
        assertThat(propose().copy().mode())
                .as("the mode is known after a restart, too")
                .isEqualTo(ReplicationMode.Kind.SYNC);
    }
}
