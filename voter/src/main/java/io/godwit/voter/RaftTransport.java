package io.godwit.voter;

import io.godwit.core.SiteName;
import io.godwit.voter.QuorumFrame.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcReplyProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServerRpc;

/** Carries what this voter's Raft says to the others. What they say comes in through {@link VoterDesk}. */
final class RaftTransport implements RaftServerRpc {
    /** Longer than the longest election timeout: whoever needs more has no say in an election. */
    private static final Duration VOTE = Duration.ofSeconds(1);

    /** Includes the follower's write to its disk. */
    private static final Duration APPEND = Duration.ofSeconds(2);

    private static final Duration SNAPSHOT = Duration.ofSeconds(5);

    private final Map<SiteName, PeerCalls> peers;
    private final SyncedDirectory written;

    /** @param written where Raft remembers whom it has voted for */
    RaftTransport(Map<SiteName, PeerCalls> peers, SyncedDirectory written) {
        this.peers = Map.copyOf(peers);
        this.written = written;
    }

    /** Its own vote for itself is on the disk before it asks for others; one that only asks beforehand has not voted. */
    @Override
    public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
        if (!request.getPreVote()) {
            written.sync();
        }
        RequestVoteReplyProto reply = RequestVoteReplyProto.parseFrom(
                ask(request.getServerRequest(), Kind.VOTE, request.toByteArray(), VOTE));
        requireFrom(request.getServerRequest(), reply.getServerReply());
        return reply;
    }

    @Override
    public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request) throws IOException {
        AppendEntriesReplyProto reply = AppendEntriesReplyProto.parseFrom(
                ask(request.getServerRequest(), Kind.APPEND, request.toByteArray(), APPEND));
        requireFrom(request.getServerRequest(), reply.getServerReply());
        return reply;
    }

    @Override
    public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request) throws IOException {
        InstallSnapshotReplyProto reply = InstallSnapshotReplyProto.parseFrom(
                ask(request.getServerRequest(), Kind.SNAPSHOT, request.toByteArray(), SNAPSHOT));
        requireFrom(request.getServerRequest(), reply.getServerReply());
        return reply;
    }

    @Override
    public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
            throws IOException {
        StartLeaderElectionReplyProto reply = StartLeaderElectionReplyProto.parseFrom(
                ask(request.getServerRequest(), Kind.ELECTION, request.toByteArray(), VOTE));
        requireFrom(request.getServerRequest(), reply.getServerReply());
        return reply;
    }

    private byte[] ask(RaftRpcRequestProto envelope, Kind kind, byte[] body, Duration atMost) throws IOException {
        String name = envelope.getReplyId().toStringUtf8();
        PeerCalls peer = peers.get(new SiteName(name));
        if (peer == null) {
            throw new IOException("%s is not a voter".formatted(name));
        }
        return peer.ask(new QuorumFrame(kind, body), atMost);
    }

    /** A voter that answers in another's name would have two votes. */
    private static void requireFrom(RaftRpcRequestProto asked, RaftRpcReplyProto reply) throws IOException {
        if (!reply.getReplyId().equals(asked.getReplyId())
                || !reply.getRaftGroupId().equals(asked.getRaftGroupId())) {
            throw new IOException("voter %s answered in another's name"
                    .formatted(asked.getReplyId().toStringUtf8()));
        }
    }

    @Override
    public void start() {}

    @Override
    public void close() {}

    @Override
    public void addRaftPeers(Collection<RaftPeer> added) {}

    @Override
    public void handleException(RaftPeerId peer, Exception failure, boolean reconnect) {}

    /** There is no port of its own; Ratis wants to know one for its logs. */
    @Override
    public InetSocketAddress getInetSocketAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Override
    public RpcType getRpcType() {
        return LinkRpc.TYPE;
    }
}
