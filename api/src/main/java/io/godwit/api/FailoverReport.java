package io.godwit.api;

import io.godwit.core.ByteCount;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a failover does, or would do, as the site that takes the group over knows it; {@code docs/failover.md} explains each figure.
 *
 * @param from the owner until then
 * @param term under which the group is served; empty before it was decided
 * @param reason why nothing was changed, or who has replaced this site since
 * @param risks what speaks against it, each in a sentence
 */
public record FailoverReport(
        GroupName group,
        SiteName from,
        SiteName to,
        Outcome outcome,
        Optional<Term> term,
        Optional<String> reason,
        Copy copy,
        Recovery recovery,
        List<String> risks,
        List<MoveReport.Moment> timeline) {
    public FailoverReport {
        risks = List.copyOf(risks);
        timeline = List.copyOf(timeline);
    }

    public enum Outcome {
        /** Nothing was done: this is what would be. */
        PROPOSED,
        /** Decided; it goes on until the group is served. */
        UNDER_WAY,
        FAILED_OVER,
        /** Nothing was changed. */
        GIVEN_UP,
        /** The other site has a newer term by now. */
        REPLACED;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * What there is to go on with.
     *
     * @param shipped up to where the owner's log had arrived here
     * @param promoted up to where it counts: less than {@code shipped} where a point was asked for
     * @param syncDisks up to where all writes of disks of class sync are here, which may be ahead of the log; only in a group that has async
     *     disks as well
     * @param acknowledged up to where the owner's log was safe at its own site when it was last heard of
     * @param behindBytes of the owner's log that had not arrived then
     * @param behindMillis age of the oldest of them then
     * @param silentMillis since the owner was last heard of
     * @param mode how the group was replicated
     */
    public record Copy(
            Position shipped,
            Position promoted,
            Optional<Position> syncDisks,
            Optional<Position> acknowledged,
            Optional<ByteCount> behindBytes,
            Optional<Long> behindMillis,
            Optional<Long> silentMillis,
            ReplicationMode.Kind mode) {}

    /**
     * How the service came back. Empty is what isn't known to this site.
     *
     * @param detectionMillis from the loss until somebody decided
     * @param fencedMillis from the decision until the former owner's term was void
     * @param serviceMillis from the decision until the machines ran and their addresses were announced
     * @param rpoMillis age of the oldest acknowledged write that is missing
     */
    public record Recovery(
            Optional<Long> detectionMillis,
            Optional<Long> fencedMillis,
            Optional<Long> serviceMillis,
            Optional<Long> rpoMillis,
            Optional<Long> acknowledgedWritesLost,
            String mechanism) {
        /** The machines are booted from their disks. */
        public static final String COLD_RESTART = "cold restart";
        /** The machines go on from a checkpoint that is read from files. */
        public static final String CHECKPOINT = "checkpoint";
        /** The machines go on from a checkpoint that is in memory already. */
        public static final String WARM_STANDBY = "warm standby";

        public static final Recovery NONE = new Recovery(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), COLD_RESTART);
    }
}
