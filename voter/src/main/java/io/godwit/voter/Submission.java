package io.godwit.voter;

import io.godwit.core.SiteName;
import io.godwit.core.json.Json;
import io.godwit.quorum.QuorumAnswer;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/** Puts commands before the voters, if this voter leads them. */
final class Submission {
    private static final Logger LOG = System.getLogger(Submission.class.getName());

    private final RaftServer raft;
    private final RaftGroupId group;

    Submission(RaftServer raft, VoterList voters) {
        this.raft = raft;
        this.group = voters.group().getGroupId();
    }

    /** Who leads, as far as this voter knows. */
    Optional<SiteName> leader() {
        try {
            RaftPeerId leader = raft.getDivision(group).getInfo().getLeaderId();
            return Optional.ofNullable(leader).map(id -> new SiteName(id.toString()));
        } catch (IOException notRunning) {
            return Optional.empty();
        }
    }

    /** Whether this voter has anything of what was decided. Ratis counts the vote of one that has nothing as no vote: it may have lost what it had. */
    boolean hasLog() {
        try {
            return raft.getDivision(group).getRaftLog().getNextIndex() > 0;
        } catch (IOException notRunning) {
            return false;
        }
    }

    /** All at once; each is waited for as long as it says. */
    Asks.Replies submit(Asks asks) throws InterruptedException {
        long began = System.nanoTime();
        List<CompletableFuture<RaftClientReply>> open =
                asks.asks().stream().map(this::begin).toList();
        List<Ask.Reply> replies = new ArrayList<>();
        for (int i = 0; i < open.size(); i++) {
            Duration waited = Duration.ofNanos(System.nanoTime() - began);
            replies.add(await(
                    open.get(i),
                    Duration.ofMillis(asks.asks().get(i).patienceMillis()).minus(waited)));
        }
        return new Asks.Replies(replies);
    }

    private CompletableFuture<RaftClientReply> begin(Ask ask) {
        try {
            return raft.submitClientRequestAsync(request(ask));
        } catch (IOException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    private Ask.Reply await(CompletableFuture<RaftClientReply> open, Duration atMost) throws InterruptedException {
        try {
            RaftClientReply reply = open.get(Math.max(0, atMost.toMillis()), TimeUnit.MILLISECONDS);
            if (reply.getNotLeaderException() != null || reply.getLeaderNotReadyException() != null) {
                return new Ask.Reply.Elsewhere(leader().filter(
                                known -> !known.value().equals(raft.getId().toString())));
            }
            if (reply.isSuccess()) {
                return new Ask.Reply.Agreed(Json.read(
                        reply.getMessage().getContent().toByteArray(),
                        QuorumAnswer.class,
                        "what the voters have answered"));
            }
            LOG.log(Level.DEBUG, "a command was not agreed on: {0}", reply.getException());
            return new Ask.Reply.Open();
        } catch (TimeoutException | ExecutionException unanswered) {
            LOG.log(Level.DEBUG, "a command is not agreed on yet", unanswered);
            return new Ask.Reply.Open();
        }
    }

    private RaftClientRequest request(Ask ask) {
        return RaftClientRequest.newBuilder()
                .setClientId(ask.client())
                .setServerId(raft.getId())
                .setGroupId(group)
                .setCallId(ask.call())
                .setMessage(Message.valueOf(ByteString.copyFrom(Json.bytes(ask.command()))))
                .setType(RaftClientRequest.writeRequestType())
                .build();
    }
}
