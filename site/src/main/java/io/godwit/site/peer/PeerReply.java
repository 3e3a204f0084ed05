package io.godwit.site.peer;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.godwit.core.ErrorCode;
import io.godwit.migration.Standing;
import java.util.Objects;

/** What one site's coordinator answers to the other's. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "reply")
@JsonSubTypes({
    @JsonSubTypes.Type(value = PeerReply.Done.class, name = "done"),
    @JsonSubTypes.Type(value = PeerReply.NetworkReady.class, name = "network-ready"),
    @JsonSubTypes.Type(value = PeerReply.Taken.class, name = "taken"),
    @JsonSubTypes.Type(value = PeerReply.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = PeerReply.Compared.class, name = "compared"),
    @JsonSubTypes.Type(value = PeerReply.Announced.class, name = "announced"),
    @JsonSubTypes.Type(value = PeerReply.Greeted.class, name = "greeted"),
    @JsonSubTypes.Type(value = PeerReply.Failure.class, name = "failure"),
})
public sealed interface PeerReply {
    record Done() implements PeerReply {}

    /** {@code underlay} is the target's address on the path between the sites. */
    record NetworkReady(String underlay) implements PeerReply {}

    record Taken() implements PeerReply {}

    /** Not taken, and never will be under this move. */
    record Refused(String reason) implements PeerReply {}

    /** How many pages or disks differ; {@code -1} where there is nothing to compare with. */
    record Compared(long differing) implements PeerReply {}

    record Announced(boolean announced) implements PeerReply {}

    record Greeted(Standing standing) implements PeerReply {
        public Greeted {
            Objects.requireNonNull(standing, "standing");
        }
    }

    record Failure(ErrorCode code, String sentence) implements PeerReply {}
}
