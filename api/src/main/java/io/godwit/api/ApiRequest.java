package io.godwit.api;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import java.util.Optional;

/** What may be asked of a site. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "request")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ApiRequest.Status.class, name = "status"),
    @JsonSubTypes.Type(value = ApiRequest.CreateGroup.class, name = "create-group"),
    @JsonSubTypes.Type(value = ApiRequest.Migrate.class, name = "migrate"),
    @JsonSubTypes.Type(value = ApiRequest.FollowMove.class, name = "follow-move"),
    @JsonSubTypes.Type(value = ApiRequest.CancelMove.class, name = "cancel-move"),
    @JsonSubTypes.Type(value = ApiRequest.SetMode.class, name = "set-mode"),
    @JsonSubTypes.Type(value = ApiRequest.OpenPairing.class, name = "open-pairing"),
    @JsonSubTypes.Type(value = ApiRequest.Join.class, name = "join"),
})
public sealed interface ApiRequest {
    /** Answered by {@link ApiReply.Status}. */
    record Status(Optional<GroupName> group) implements ApiRequest {}

    /** Puts a group under protection here, starts its machines and its replication; answered by {@link ApiReply.Done}. */
    record CreateGroup(GroupDefinition definition) implements ApiRequest {}

    /** Moves a group that runs here; answered by {@link ApiReply.Progress} lines and one {@link ApiReply.MoveEnded}. */
    record Migrate(GroupName group, SiteName to, MoveOptions options) implements ApiRequest {}

    /** The progress of the move under way, or the end of the last one. Answered like {@link Migrate}. */
    record FollowMove(GroupName group) implements ApiRequest {}

    /** Takes a move back, if it has not been offered to the target yet; answered by {@link ApiReply.Done}. */
    record CancelMove(GroupName group) implements ApiRequest {}

    /**
     * Changes how a group that runs here is replicated; answered by one {@link ApiReply.ModeChanging} if something has to be
     * drained first, and then by {@link ApiReply.ModeSet}.
     */
    record SetMode(GroupName group, ReplicationMode.Wish wish) implements ApiRequest {}

    /** Lets one other site introduce itself; answered by {@link ApiReply.PairingOpened}. */
    record OpenPairing() implements ApiRequest {}

    /** Introduces this site to the one that issued {@code token}; answered by {@link ApiReply.Joined}. */
    record Join(String address, String token) implements ApiRequest {
        @Override
        public String toString() {
            return "Join[address=" + address + ", token=…]";
        }
    }
}
