package io.godwit.site.peer;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.godwit.api.CheckpointWish;
import io.godwit.api.GroupDefinition;
import io.godwit.api.HistoryBounds;
import io.godwit.api.ObjectiveWish;
import io.godwit.api.ReplicationMode;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import io.godwit.hypervisor.MachineType;
import io.godwit.memory.PageDigests;
import io.godwit.migration.MoveId;
import io.godwit.migration.Standing;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What one site's coordinator asks of the other's. Each may be repeated without harm. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "request")
@JsonSubTypes({
    @JsonSubTypes.Type(value = PeerRequest.DefineGroup.class, name = "define-group"),
    @JsonSubTypes.Type(value = PeerRequest.ForgetGroup.class, name = "forget-group"),
    @JsonSubTypes.Type(value = PeerRequest.KeepHistory.class, name = "keep-history"),
    @JsonSubTypes.Type(value = PeerRequest.KeepCheckpoints.class, name = "keep-checkpoints"),
    @JsonSubTypes.Type(value = PeerRequest.KeepObjective.class, name = "keep-objective"),
    @JsonSubTypes.Type(value = PeerRequest.KeepDefinition.class, name = "keep-definition"),
    @JsonSubTypes.Type(value = PeerRequest.PrepareServer.class, name = "prepare-server"),
    @JsonSubTypes.Type(value = PeerRequest.PrepareNetwork.class, name = "prepare-network"),
    @JsonSubTypes.Type(value = PeerRequest.AskReady.class, name = "ask-ready"),
    @JsonSubTypes.Type(value = PeerRequest.Offer.class, name = "offer"),
    @JsonSubTypes.Type(value = PeerRequest.AskOutcome.class, name = "ask-outcome"),
    @JsonSubTypes.Type(value = PeerRequest.Abort.class, name = "abort"),
    @JsonSubTypes.Type(value = PeerRequest.CompareMemory.class, name = "compare-memory"),
    @JsonSubTypes.Type(value = PeerRequest.CompareDisks.class, name = "compare-disks"),
    @JsonSubTypes.Type(value = PeerRequest.AskAnnounced.class, name = "ask-announced"),
    @JsonSubTypes.Type(value = PeerRequest.CloseTunnel.class, name = "close-tunnel"),
    @JsonSubTypes.Type(value = PeerRequest.Greet.class, name = "greet"),
})
public sealed interface PeerRequest {
    GroupName group();

    /** Follow this group from now on. {@code machine} is the hardware that its machines see. */
    record DefineGroup(GroupDefinition definition, Term term, MachineType machine) implements PeerRequest {
        @Override
        public GroupName group() {
            return definition.name();
        }
    }

    /**
     * The group is mine under {@code term}, and no more: delete your copy. Answered by {@link PeerReply.Done}, also where there is none.
     *
     * @param founding the group could not be founded: what was there of its disks before it was defined stays
     */
    record ForgetGroup(GroupName group, Term term, boolean founding) implements PeerRequest {}

    /** Keep the machines' memory like this from now on. Answered by {@link PeerReply.Done}. */
    record KeepCheckpoints(GroupName group, CheckpointWish wish) implements PeerRequest {
        public KeepCheckpoints {
            Objects.requireNonNull(wish, "wish");
        }
    }

    /** Choose the group's mechanism for this from now on when it is yours, or leave it as it is. Answered by {@link PeerReply.Done}. */
    record KeepObjective(GroupName group, Optional<ObjectiveWish> objective) implements PeerRequest {
        public KeepObjective {
            Objects.requireNonNull(objective, "objective");
        }
    }

    /** What can be changed of the group's definition is like this from now on. Answered by {@link PeerReply.Done}. */
    record KeepDefinition(GroupDefinition definition) implements PeerRequest {
        public KeepDefinition {
            Objects.requireNonNull(definition, "definition");
        }

        @Override
        public GroupName group() {
            return definition.name();
        }
    }

    /** Keep so much of the group's past from now on. Answered by {@link PeerReply.Done}. */
    record KeepHistory(GroupName group, HistoryBounds bounds) implements PeerRequest {
        public KeepHistory {
            Objects.requireNonNull(bounds, "bounds");
        }
    }

    /** First signal to the server: have a machine wait for memory and device state. */
    record PrepareServer(GroupName group, MoveId move, boolean compare) implements PeerRequest {}

    /** First signal to the network: build this end of the tunnel. Answered by {@link PeerReply.NetworkReady}. */
    record PrepareNetwork(GroupName group, MoveId move, TunnelPlan tunnel, String gateway, String gatewayMac)
            implements PeerRequest {}

    /** Does anything stand against the move now? Answered by {@link PeerReply.Done}, or by a failure that says what. */
    record AskReady(GroupName group, MoveId move) implements PeerRequest {}

    /** Final signal: the group is yours under {@code term}, if you can run it from {@code end} on; replicate it so. */
    record Offer(GroupName group, MoveId move, Term term, Position end, ReplicationMode mode) implements PeerRequest {
        public Offer {
            Objects.requireNonNull(mode, "mode");
        }
    }

    /** What became of the offer? If nothing yet, refuse it. */
    record AskOutcome(GroupName group, MoveId move) implements PeerRequest {}

    record Abort(GroupName group, MoveId move, String reason) implements PeerRequest {}

    /**
     * The source's page digests of one machine, to be compared with those taken before the machine was resumed.
     *
     * @param digests as {@link PageDigests#encode} wrote them, in Base64
     */
    record CompareMemory(GroupName group, MoveId move, VmName vm, String digests) implements PeerRequest {
        public PageDigests decoded() {
            try {
                return PageDigests.decode(Base64.getDecoder().decode(digests));
            } catch (IllegalArgumentException wrong) {
                throw new GodwitException(ErrorCode.CORRUPT, "page digests that are not Base64", wrong);
            }
        }

        @Override
        public String toString() {
            return "CompareMemory[%s, %d characters]".formatted(vm, digests.length());
        }
    }

    /** The source's digests of all disks at the position of the switch. */
    record CompareDisks(GroupName group, MoveId move, List<DiskDigest> digests) implements PeerRequest {
        public CompareDisks {
            digests = List.copyOf(digests);
        }
    }

    /** {@code sha256} in hexadecimal. */
    record DiskDigest(DiskName disk, String sha256) {}

    /** Is the group's address announced by you? Answered by {@link PeerReply.Announced}. */
    record AskAnnounced(GroupName group) implements PeerRequest {}

    record CloseTunnel(GroupName group, MoveId move) implements PeerRequest {}

    /**
     * Who owns the group, as far as the asker knows. Answered by {@link PeerReply.Greeted} with what the answerer knows, after it has
     * drawn its conclusions: one that hears of a newer owner no longer serves when it answers.
     *
     * @param log how far the asker's log has come, if the asker serves
     */
    record Greet(GroupName group, Standing standing, Optional<OwnersLog> log) implements PeerRequest {
        public Greet {
            Objects.requireNonNull(standing, "standing");
            Objects.requireNonNull(log, "log");
        }
    }

    /**
     * How far the owner's log has come.
     *
     * @param durable up to where it is safe at the owner's site
     * @param millis the owner's clock, since 1970
     * @param kept whether flushes wait for the replica now
     */
    record OwnersLog(Position durable, long millis, ReplicationMode mode, boolean kept) {
        public OwnersLog {
            Objects.requireNonNull(mode, "mode");
        }
    }
}
