package io.godwit.voter;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import io.godwit.core.json.Json;
import io.godwit.link.PeerChannel;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.FileChunkProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.server.RaftServer;

/** Answers another voter on one channel, question by question. It is heard as itself: a message in another's name is refused. */
final class VoterDesk {
    private static final Logger LOG = System.getLogger(VoterDesk.class.getName());

    /** Where a snapshot may be put, below Raft's directory. */
    private static final Pattern SNAPSHOT_FILE = Pattern.compile("sm/snapshot\\.\\d{1,19}_\\d{1,19}");

    private final SiteName own;
    private final VoterList voters;
    private final RaftGroup group;
    private final RaftServer raft;
    private final Submission submission;
    private final PassingOn passingOn;
    private final SyncedDirectory written;

    VoterDesk(
            SiteName own,
            VoterList voters,
            RaftServer raft,
            Submission submission,
            PassingOn passingOn,
            SyncedDirectory written) {
        this.own = own;
        this.voters = voters;
        this.group = voters.group();
        this.raft = raft;
        this.submission = submission;
        this.passingOn = passingOn;
        this.written = written;
    }

    void serve(PeerChannel channel) throws IOException, InterruptedException {
        for (Optional<QuorumFrame> question = QuorumFrame.read(channel.input());
                question.isPresent();
                question = QuorumFrame.read(channel.input())) {
            answer(channel.peer(), question.get()).write(channel.output());
        }
    }

    QuorumFrame answer(SiteName peer, QuorumFrame question) throws InterruptedException {
        try {
            return QuorumFrame.answer(answered(peer, question));
        } catch (GodwitException refused) {
            LOG.log(Level.INFO, "voter {0} was told: {1}", peer, refused.sentence());
            return QuorumFrame.refusal(refused.sentence());
        } catch (IOException failed) {
            return QuorumFrame.refusal(String.valueOf(failed.getMessage()));
        } catch (RuntimeException unexpected) {
            LOG.log(Level.WARNING, "a message of voter " + peer + " failed", unexpected);
            return QuorumFrame.refusal("internal error: " + unexpected);
        }
    }

    private byte[] answered(SiteName peer, QuorumFrame question) throws IOException, InterruptedException {
        byte[] body = question.body();
        return switch (question.kind()) {
            case HELLO -> voters.toString().getBytes(StandardCharsets.UTF_8);
            case VOTE -> vote(peer, body);
            case APPEND -> safe(append(peer, body));
            case SNAPSHOT -> safe(snapshot(peer, body));
            case ELECTION -> safe(election(peer, body));
            case ASK -> Json.bytes(asked(peer, Asks.read(body, peer)));
            case PASSED_ON -> Json.bytes(passedOn(peer, Asks.read(body, peer)));
            case ANSWER, REFUSAL -> throw new GodwitException(ErrorCode.BAD_INPUT, "nobody asked you anything");
        };
    }

    private byte[] vote(SiteName peer, byte[] body) throws IOException {
        RequestVoteRequestProto request = RequestVoteRequestProto.parseFrom(body);
        requireOf(peer, request.getServerRequest());
        byte[] vote = raft.requestVote(request).toByteArray();
        return request.getPreVote() ? vote : safe(vote);
    }

    private byte[] append(SiteName peer, byte[] body) throws IOException {
        AppendEntriesRequestProto request = AppendEntriesRequestProto.parseFrom(body);
        requireOf(peer, request.getServerRequest());
        return raft.appendEntries(request).toByteArray();
    }

    private byte[] snapshot(SiteName peer, byte[] body) throws IOException {
        InstallSnapshotRequestProto request = InstallSnapshotRequestProto.parseFrom(body);
        requireOf(peer, request.getServerRequest());
        for (FileChunkProto chunk : request.getSnapshotChunk().getFileChunksList()) {
            if (!SNAPSHOT_FILE.matcher(chunk.getFilename()).matches()) {
                throw new GodwitException(ErrorCode.DENIED, "a snapshot is not kept at that place");
            }
        }
        return raft.installSnapshot(request).toByteArray();
    }

    private byte[] election(SiteName peer, byte[] body) throws IOException {
        StartLeaderElectionRequestProto request = StartLeaderElectionRequestProto.parseFrom(body);
        requireOf(peer, request.getServerRequest());
        return raft.startLeaderElection(request).toByteArray();
    }

    private Asks.Replies asked(SiteName peer, Asks asks) throws InterruptedException {
        for (Ask ask : asks.asks()) {
            if (!ask.command().site().equals(peer)) {
                throw new GodwitException(
                        ErrorCode.DENIED,
                        "%s gave a command in the name of %s"
                                .formatted(peer, ask.command().site()));
            }
        }
        Asks.Replies own = submission.submit(asks);
        return leaderElsewhere(own)
                .filter(other -> !other.equals(peer))
                .map(other -> passingOn.pass(asks, other))
                .orElse(own);
    }

    /** Who leads instead of this voter, if that is all it has to say. */
    private static Optional<SiteName> leaderElsewhere(Asks.Replies replies) {
        List<Ask.Reply> said = replies.replies().stream().distinct().toList();
        return said.size() == 1 && said.getFirst() instanceof Ask.Reply.Elsewhere(Optional<SiteName> leader)
                ? leader
                : Optional.empty();
    }

    /** What a voter passes on it has taken from the site that it names; nothing is passed on twice. */
    private Asks.Replies passedOn(SiteName by, Asks asks) throws InterruptedException {
        for (Ask ask : asks.asks()) {
            if (!voters.contains(ask.command().site())) {
                throw new GodwitException(
                        ErrorCode.DENIED,
                        "%s passed a command of %s on, which is not a voter"
                                .formatted(by, ask.command().site()));
            }
        }
        return submission.submit(asks);
    }

    private void requireOf(SiteName peer, RaftRpcRequestProto envelope) {
        if (!envelope.getRequestorId().toStringUtf8().equals(peer.value())) {
            throw new GodwitException(ErrorCode.DENIED, "%s spoke in another's name".formatted(peer));
        }
        if (!envelope.getReplyId().toStringUtf8().equals(own.value())) {
            throw new GodwitException(ErrorCode.DENIED, "%s spoke to another than %s".formatted(peer, own));
        }
        if (!envelope.getRaftGroupId().getId().equals(group.getGroupId().toByteString())) {
            throw new GodwitException(
                    ErrorCode.DENIED,
                    "%s decides with another list of voters than %s, whose list is %s".formatted(peer, own, voters));
        }
    }

    /** What this voter promises by an answer survives a power failure. */
    private byte[] safe(byte[] answer) throws IOException {
        written.sync();
        return answer;
    }
}
