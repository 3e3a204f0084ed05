package io.godwit.api;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.godwit.core.BitRate;
import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.MarkName;
import io.godwit.core.SiteName;
import io.godwit.core.VmName;
import java.util.List;
import java.util.Optional;

/** What may be asked of a site. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "request")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ApiRequest.Status.class, name = "status"),
    @JsonSubTypes.Type(value = ApiRequest.CreateGroup.class, name = "create-group"),
    @JsonSubTypes.Type(value = ApiRequest.ShowDefinition.class, name = "show-definition"),
    @JsonSubTypes.Type(value = ApiRequest.ChangeDefinition.class, name = "change-definition"),
    @JsonSubTypes.Type(value = ApiRequest.Migrate.class, name = "migrate"),
    @JsonSubTypes.Type(value = ApiRequest.FollowMove.class, name = "follow-move"),
    @JsonSubTypes.Type(value = ApiRequest.CancelMove.class, name = "cancel-move"),
    @JsonSubTypes.Type(value = ApiRequest.Drain.class, name = "drain"),
    @JsonSubTypes.Type(value = ApiRequest.StopDrain.class, name = "stop-drain"),
    @JsonSubTypes.Type(value = ApiRequest.FailOver.class, name = "fail-over"),
    @JsonSubTypes.Type(value = ApiRequest.TestFailover.class, name = "test-failover"),
    @JsonSubTypes.Type(value = ApiRequest.EndFailoverTest.class, name = "end-failover-test"),
    @JsonSubTypes.Type(value = ApiRequest.SetMode.class, name = "set-mode"),
    @JsonSubTypes.Type(value = ApiRequest.SetHistory.class, name = "set-history"),
    @JsonSubTypes.Type(value = ApiRequest.ListPoints.class, name = "list-points"),
    @JsonSubTypes.Type(value = ApiRequest.OpenPoint.class, name = "open-point"),
    @JsonSubTypes.Type(value = ApiRequest.ClosePoint.class, name = "close-point"),
    @JsonSubTypes.Type(value = ApiRequest.Mark.class, name = "mark"),
    @JsonSubTypes.Type(value = ApiRequest.ChooseMechanism.class, name = "choose-mechanism"),
    @JsonSubTypes.Type(value = ApiRequest.SetCheckpoints.class, name = "set-checkpoints"),
    @JsonSubTypes.Type(value = ApiRequest.TakeCheckpoint.class, name = "take-checkpoint"),
    @JsonSubTypes.Type(value = ApiRequest.SaveEssential.class, name = "save-essential"),
    @JsonSubTypes.Type(value = ApiRequest.SkipEssential.class, name = "skip-essential"),
    @JsonSubTypes.Type(value = ApiRequest.Rewind.class, name = "rewind"),
    @JsonSubTypes.Type(value = ApiRequest.RemoveGroup.class, name = "remove-group"),
    @JsonSubTypes.Type(value = ApiRequest.SetSeeding.class, name = "set-seeding"),
    @JsonSubTypes.Type(value = ApiRequest.ListSetAside.class, name = "list-set-aside"),
    @JsonSubTypes.Type(value = ApiRequest.ExportSetAside.class, name = "export-set-aside"),
    @JsonSubTypes.Type(value = ApiRequest.DropSetAside.class, name = "drop-set-aside"),
    @JsonSubTypes.Type(value = ApiRequest.Verify.class, name = "verify"),
    @JsonSubTypes.Type(value = ApiRequest.ExportGroup.class, name = "export-group"),
    @JsonSubTypes.Type(value = ApiRequest.ImportGroup.class, name = "import-group"),
    @JsonSubTypes.Type(value = ApiRequest.OpenPairing.class, name = "open-pairing"),
    @JsonSubTypes.Type(value = ApiRequest.Join.class, name = "join"),
    @JsonSubTypes.Type(value = ApiRequest.Forget.class, name = "forget"),
})
public sealed interface ApiRequest {
    /** Answered by {@link ApiReply.Status}. */
    record Status(Optional<GroupName> group) implements ApiRequest {}

    /** Puts a group under protection here, starts its machines and its replication; answered by {@link ApiReply.Done}. */
    record CreateGroup(GroupDefinition definition) implements ApiRequest {
        public CreateGroup {
            if (definition == null) {
                throw new GodwitException(ErrorCode.BAD_INPUT, "to create a group takes its \"definition\"");
            }
        }
    }

    /** Answered by {@link ApiReply.Definition}. */
    record ShowDefinition(GroupName group) implements ApiRequest {}

    /** Changes of a group that runs here what can be changed of its definition, at both sites; answered by {@link ApiReply.Done}. */
    record ChangeDefinition(GroupDefinition definition) implements ApiRequest {
        public ChangeDefinition {
            if (definition == null) {
                throw new GodwitException(ErrorCode.BAD_INPUT, "a change of a group needs its \"definition\"");
            }
        }
    }

    /** Moves a group that runs here; answered by {@link ApiReply.Progress} lines and one {@link ApiReply.MoveEnded}. */
    record Migrate(GroupName group, SiteName to, MoveOptions options) implements ApiRequest {}

    /** The progress of the move under way, or the end of the last one. Answered like {@link Migrate}. */
    record FollowMove(GroupName group) implements ApiRequest {}

    /** Takes a move back, if it has not been offered to the target yet; answered by {@link ApiReply.Done}. */
    record CancelMove(GroupName group) implements ApiRequest {}

    /**
     * Has all groups that run at a site leave it: moved live to their other sites as long as there is time, the rest made synchronous. If confirmed,
     * answered by {@link ApiReply.Draining} lines and one {@link ApiReply.Drained}; else by {@link ApiReply.Drained} alone, and nothing is
     * done. To hang up ends nothing. Asked again while it is under way, it is answered like the first time.
     *
     * @param site must be the one that is asked
     * @param withinSeconds from now on; if it is left out there is no deadline
     * @param patienceSeconds a move that isn't decided after that is taken back; if it is left out, moves give up by themselves alone
     */
    record Drain(SiteName site, Optional<Integer> withinSeconds, Optional<Integer> patienceSeconds, boolean confirmed)
            implements ApiRequest {
        private static final int MAX_SECONDS = 7 * 86_400;

        public Drain {
            require("a drain has", withinSeconds);
            require("a move of a drain may take", patienceSeconds);
        }

        private static void require(String what, Optional<Integer> seconds) {
            if (seconds.filter(value -> value < 1 || value > MAX_SECONDS).isPresent()) {
                throw new GodwitException(
                        ErrorCode.BAD_INPUT,
                        "%s 1 s to %d s (a week), not %d s".formatted(what, MAX_SECONDS, seconds.get()));
            }
        }
    }

    /** Has the drain under way begin nothing more; what it has begun is finished. Answered by {@link ApiReply.Done}. */
    record StopDrain(SiteName site) implements ApiRequest {}

    /**
     * Takes a group over whose owner is lost; answered by {@link ApiReply.FailedOver} when its machines run here. Asked again
     * while that is under way, it is answered when it is done.
     *
     * @param to must be this site
     * @param at the point to go back to; the newest consistent state if left out
     * @param confirmed whether it is done; otherwise the reply only says what it would mean. Whoever confirms vouches for it that
     *     the owner does not run the group
     * @param acceptLoss also with a replica that is known to be an old one
     */
    record FailOver(
            GroupName group, Optional<SiteName> to, Optional<PointWish> at, boolean confirmed, boolean acceptLoss)
            implements ApiRequest {}

    /**
     * Boots a group's machines from copies of its disks, in a network that leads nowhere, while the group goes on; answered by {@link
     * ApiReply.FailoverTesting} lines and one {@link ApiReply.FailoverTested}, when they answer, or are given up. To hang up ends it, unless the
     * machines are to be kept.
     *
     * @param at the point at which the disks are opened; the newest if left out
     * @param check a line for {@code sh}, run in that network when all machines answer, again and again until it ends with 0
     * @param patienceSeconds so long the machines have to answer, and as long again the check has to succeed
     * @param keep whether the machines are left running afterwards
     */
    record TestFailover(
            GroupName group, Optional<PointWish> at, Optional<String> check, int patienceSeconds, boolean keep)
            implements ApiRequest {
        private static final int MAX_PATIENCE_SECONDS = 3_600;
        private static final int MAX_CHECK_CHARS = 4_096;

        public TestFailover {
            if (patienceSeconds < 1 || patienceSeconds > MAX_PATIENCE_SECONDS) {
                throw new GodwitException(
                        ErrorCode.BAD_INPUT,
                        "a test may wait 1 to %d s for its machines, not %d s"
                                .formatted(MAX_PATIENCE_SECONDS, patienceSeconds));
            }
            if (check.filter(line -> line.isBlank() || line.length() > MAX_CHECK_CHARS || line.indexOf('\0') >= 0)
                    .isPresent()) {
                throw new GodwitException(
                        ErrorCode.BAD_INPUT,
                        "the check is a line for sh, of at most %d characters".formatted(MAX_CHECK_CHARS));
            }
        }
    }

    /** Ends the test that is under way, or that was kept; answered by {@link ApiReply.Done}. */
    record EndFailoverTest(GroupName group) implements ApiRequest {}

    /**
     * Changes how a group that runs here is replicated; answered by one {@link ApiReply.ModeChanging} if something has to be
     * drained first, and then by {@link ApiReply.ModeSet}.
     */
    record SetMode(GroupName group, ReplicationMode.Wish wish) implements ApiRequest {}

    /**
     * Changes how much of a group's past is kept, at both sites; what is left out stays. Answered by {@link
     * ApiReply.HistorySet}.
     */
    record SetHistory(GroupName group, Optional<ByteCount> maxBytes, Optional<Long> maxSeconds) implements ApiRequest {}

    /** Answered by {@link ApiReply.Points}. */
    record ListPoints(GroupName group) implements ApiRequest {}

    /**
     * Offers disks as they were at a point. Answered by {@link ApiReply.PointOpened}.
     *
     * @param disks which; all if there are none
     */
    record OpenPoint(GroupName group, PointWish point, boolean writable, List<DiskName> disks) implements ApiRequest {
        public OpenPoint {
            disks = List.copyOf(disks);
        }
    }

    /** Ends an open point, and drops what was written over it; answered by {@link ApiReply.Done}. */
    record ClosePoint(GroupName group, String id) implements ApiRequest {}

    /**
     * Makes a mark in the log of a group that runs here. Answered by {@link ApiReply.Marked}.
     *
     * @param name made from the time if left out
     * @param consistent whether the machines' file systems are frozen for it
     */
    record Mark(GroupName group, Optional<MarkName> name, boolean consistent) implements ApiRequest {}

    /**
     * Changes how the memory of the machines of a group that runs here is protected, at both sites; what is left out stays. Answered by {@link
     * ApiReply.CheckpointsSet}.
     *
     * @param everySeconds 0 for only when somebody asks
     */
    record SetCheckpoints(
            GroupName group,
            Optional<Integer> everySeconds,
            Optional<CheckpointWish.Standby> standby,
            Optional<Integer> resumeWithinSeconds)
            implements ApiRequest {}

    /**
     * Says which mechanism keeps the objective of a group that runs here at the least cost, and, if confirmed, has it protected like that. Answered by {@link
     * ApiReply.MechanismChosen}.
     *
     * @param followed whether another one is chosen by itself when this one doesn't keep the objective any more; only if confirmed
     */
    record ChooseMechanism(GroupName group, ObjectiveWish objective, boolean confirmed, boolean followed)
            implements ApiRequest {}

    /** Takes a checkpoint of the machines' memory now; answered by {@link ApiReply.CheckpointTaken} when the other site has it. */
    record TakeCheckpoint(GroupName group) implements ApiRequest {}

    /** Saves the essential state of the machines of a group that runs here; answered by {@link ApiReply.EssentialSaved}. */
    record SaveEssential(GroupName group) implements ApiRequest {}

    /** Has a machine that was booted go on without its essential state; answered by {@link ApiReply.Done}. */
    record SkipEssential(GroupName group, VmName machine) implements ApiRequest {}

    /**
     * Takes a group that runs here back to a point; answered by {@link ApiReply.Rewound}.
     *
     * @param confirmed whether it is done; otherwise the reply only says what it would discard
     */
    record Rewind(GroupName group, PointWish point, boolean confirmed) implements ApiRequest {}

    /**
     * Takes a group out of protection. Answered by {@link ApiReply.Removed}.
     *
     * @param confirmed false: only says what it would mean
     * @param here forget the group at this site whatever the other one has, knows or says
     * @param patienceSeconds for machines to shut down, before their power is cut
     */
    record RemoveGroup(GroupName group, boolean confirmed, boolean here, int patienceSeconds) implements ApiRequest {
        public static final int MAX_PATIENCE_SECONDS = 3_600;

        public RemoveGroup {
            if (group == null) {
                throw new GodwitException(ErrorCode.BAD_INPUT, "to remove a group takes its name, \"group\"");
            }
            if (patienceSeconds < 0 || patienceSeconds > MAX_PATIENCE_SECONDS) {
                throw new GodwitException(
                        ErrorCode.BAD_INPUT,
                        "machines are given 0 to %d s to shut down, not %d"
                                .formatted(MAX_PATIENCE_SECONDS, patienceSeconds));
            }
        }
    }

    /** Changes how fast the disks of a group that runs here are copied; answered by {@link ApiReply.Done}. */
    record SetSeeding(GroupName group, SeedingWish wish) implements ApiRequest {}

    /** What this site accepted and no other site ever had; answered by {@link ApiReply.SetAside}. */
    record ListSetAside(GroupName group) implements ApiRequest {}

    /** Copies what was set aside to a file of this site that isn't there yet; answered by {@link ApiReply.Done}. */
    record ExportSetAside(GroupName group, String id, String file) implements ApiRequest {}

    /** Deletes what was set aside; answered by {@link ApiReply.Done}. */
    record DropSetAside(GroupName group, String id) implements ApiRequest {}

    /**
     * Compares both sites' copies of a group that runs here; answered by {@link ApiReply.Verifying} lines and one {@link
     * ApiReply.Verified}. To hang up ends it.
     *
     * @param repair write what differs at the replica once more from here
     * @param bytesPerSecond that each site reads at most
     */
    record Verify(GroupName group, boolean repair, ByteCount bytesPerSecond) implements ApiRequest {
        public Verify {
            if (bytesPerSecond.compareTo(SLOWEST) < 0) {
                throw new GodwitException(
                        ErrorCode.BAD_INPUT,
                        "%s a second is too slow for comparing: at least %s".formatted(bytesPerSecond, SLOWEST));
            }
        }

        public static final ByteCount SLOWEST = ByteCount.ofMiB(4);
    }

    /**
     * Copies the disks of a group that runs here to files, as they are at one moment; answered by {@link ApiReply.Copying} lines and
     * one {@link ApiReply.Copied}. Whoever hangs up has it given up.
     *
     * @param directory of this site, absolute; empty, or not there yet
     */
    record ExportGroup(GroupName group, String directory, Optional<BitRate> maxRate) implements ApiRequest {}

    /** Takes an exported copy over as what the replica of its group here begins with. Answered like {@link ExportGroup}. */
    record ImportGroup(String directory) implements ApiRequest {}

    /** Lets one other site introduce itself; answered by {@link ApiReply.PairingOpened}. */
    record OpenPairing() implements ApiRequest {}

    /** Introduces this site to the one that issued {@code token}; answered by {@link ApiReply.Joined}. */
    record Join(String address, String token) implements ApiRequest {
        @Override
        public String toString() {
            return "Join[address=" + address + ", token=…]";
        }
    }

    /** Ends the pairing with a site that nothing here needs any more; answered by {@link ApiReply.Done}. */
    record Forget(SiteName peer) implements ApiRequest {
        public Forget {
            if (peer == null) {
                throw new GodwitException(ErrorCode.BAD_INPUT, "name the \"peer\" that is to be forgotten");
            }
        }
    }
}
