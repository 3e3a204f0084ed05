package io.godwit.voter;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.godwit.core.SiteName;
import io.godwit.quorum.QuorumAnswer;
import io.godwit.quorum.QuorumCommand;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.apache.ratis.protocol.ClientId;

/**
 * A site's command on its way to the leader. It may be sent again, also to the next leader: it is applied once, because the voters know it
 * by the run and its call.
 *
 * @param run drawn at random by each run of a site's voter
 * @param call grows with each command of that run
 * @param patienceMillis how long the leader should wait until the voters agree
 */
record Ask(long run, long call, int patienceMillis, QuorumCommand command) {
    /** More than any command takes. */
    static final int MAX_BYTES = 16 << 10;

    private static final int MAX_PATIENCE_MILLIS = 10_000;

    Ask {
        if (patienceMillis < 0 || patienceMillis > MAX_PATIENCE_MILLIS) {
            throw new IllegalArgumentException("nobody is that patient: %d ms".formatted(patienceMillis));
        }
    }

    /** What the voter that was asked has to say. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "reply")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Reply.Agreed.class, name = "agreed"),
        @JsonSubTypes.Type(value = Reply.Elsewhere.class, name = "elsewhere"),
        @JsonSubTypes.Type(value = Reply.Open.class, name = "open"),
    })
    sealed interface Reply {
        record Agreed(QuorumAnswer answer) implements Reply {}

        /** It doesn't lead; the one named does, as far as it knows. */
        record Elsewhere(Optional<SiteName> leader) implements Reply {}

        /** The voters haven't agreed in time; they still may. */
        record Open() implements Reply {}
    }

    /** The same for the same run of the same site at every leader; another site cannot take it. */
    ClientId client() {
        String name = "%s %d".formatted(command.site(), run);
        return ClientId.valueOf(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
    }
}
