package io.godwit.site.move;

import io.godwit.api.ReplicationMode;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.migration.MoveId;
import io.godwit.site.SiteContext;
import io.godwit.site.files.GroupFiles;
import io.godwit.site.files.GroupRecord;
import io.godwit.site.group.Serving;
import io.godwit.volume.ApplyHold;
import io.godwit.volume.GroupStore;
import java.util.Optional;

/**
 * What a move away from this site works with.
 *
 * @param record of the group as the move began
 * @param serving the parts that serve the group here; empty when a move is taken up after the target has taken the group
 * @param owner whose business it is to change what this site does for the group
 */
public record MoveSetting(
        SiteContext site, GroupFiles files, GroupRecord record, Optional<Serving> serving, Owner owner) {

    /** Changes the site's role for the group; both may be repeated. */
    public interface Owner {
        /** Ends the machines here and follows the peer, which owns the group under {@code term} from {@code end} on. */
        Followed follow(Term term, Position end, boolean hold) throws InterruptedException;

        /** Changes the routes of a group that has gone, unless it has come back here meanwhile, or is about to. */
        void whileGone(Runnable change);

        /** Nothing is left here of that move's routes and tunnel. */
        void takenDown(MoveId move);

        /** How the group is to be replicated, as of now; from the offer on it stays so until the move has ended. */
        ReplicationMode mode();

        /**
         * Whether voters decide who owns the group. Then they keep two sites from writing, and the store is not fenced before the group
         * is another site's: it could go on only in a newer term, which nobody has given.
         */
        boolean isVoted();

        /**
         * Where voters decide: the machines stand still; from now on nothing is answered here, and that site may take the group.
         *
         * @throws io.godwit.core.GodwitException UNREACHABLE if the voters don't answer in time
         */
        void offerTo(SiteName site) throws InterruptedException;

        /** Serves here, whatever a move had changed. */
        void serveAgain() throws InterruptedException;
    }

    /** The store as a follower's; {@code held}: it is being kept at the position of the switch, to be compared. */
    public record Followed(GroupStore store, Optional<ApplyHold> held) {}

    Serving requireServing() {
        return serving.orElseThrow(() -> new IllegalStateException("the group is not served here"));
    }
}
