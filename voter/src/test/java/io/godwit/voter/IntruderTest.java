package io.godwit.voter;

import static io.godwit.voter.Voters.EAST;
import static io.godwit.voter.Voters.WEST;
import static io.godwit.voter.Voters.WITNESS;
import static io.godwit.voter.Voters.register;
import static io.godwit.voter.Voters.registration;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.SiteName;
import io.godwit.core.json.Json;
import io.godwit.link.ChannelKind;
import io.godwit.link.Link;
import io.godwit.link.LinkServer;
import io.godwit.link.PeerAddress;
import io.godwit.link.PeerChannel;
import io.godwit.link.SiteIdentity;
import io.godwit.voter.QuorumFrame.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.FileChunkProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcReplyProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A peer speaks as itself, and only if it is a voter. */
class IntruderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path home = Path.of("");

    private static RaftRpcRequestProto.Builder envelope(SiteName from, SiteName to, VoterList list) {
        return RaftRpcRequestProto.newBuilder()
                .setRequestorId(ByteString.copyFromUtf8(from.value()))
                .setReplyId(ByteString.copyFromUtf8(to.value()))
                .setRaftGroupId(RaftGroupIdProto.newBuilder()
                        .setId(list.group().getGroupId().toByteString()));
    }

    private static RequestVoteRequestProto vote(SiteName from, SiteName to, VoterList list) {
        return RequestVoteRequestProto.newBuilder()
                .setServerRequest(envelope(from, to, list))
                .setCandidateTerm(1)
                .setPreVote(true)
                .build();
    }

    @Test
    void aPairedSiteThatIsNoVoterIsNotAdmitted() throws Exception {
        try (Voters voters = Voters.running(home);
                VotingSite north = new VotingSite(home, new SiteName("north"))) {
            north.pairWith(voters.at(EAST));
            assertThatThrownBy(() -> new Link(north.identity(), EAST).open(ChannelKind.QUORUM, Optional.empty()))
                    .hasMessageContaining("north is not a voter here: site east decides with east, west, witness");
        }
    }

    @Test
    void aVoterIsNotHeardInTheNameOfAnother() throws Exception {
        try (Voters voters = Voters.running(home);
                PeerCalls west = new PeerCalls(voters.at(WEST).identity(), EAST, 1)) {
            byte[] asWitness = vote(WITNESS, EAST, Voters.LIST).toByteArray();
            assertRefused(west, Kind.VOTE, asWitness, "west spoke in another's name");
            byte[] append = AppendEntriesRequestProto.newBuilder()
                    .setServerRequest(envelope(WITNESS, EAST, Voters.LIST))
                    .setLeaderTerm(99)
                    .build()
                    .toByteArray();
            assertRefused(west, Kind.APPEND, append, "west spoke in another's name");
            assertRefused(
                    west, Kind.VOTE, vote(WEST, WITNESS, Voters.LIST).toByteArray(), "west spoke to another than east");
            assertThat(west.ask(
                            new QuorumFrame(
                                    Kind.VOTE, vote(WEST, EAST, Voters.LIST).toByteArray()),
                            PATIENCE))
                    .isNotEmpty();
        }
    }

    @Test
    void aVoterOfAnotherListIsNotCounted() throws Exception {
        VoterList other = new VoterList(List.of(EAST, WEST, new SiteName("north")));
        try (Voters voters = Voters.running(home);
                PeerCalls west = new PeerCalls(voters.at(WEST).identity(), EAST, 1)) {
            assertRefused(
                    west, Kind.VOTE, vote(WEST, EAST, other).toByteArray(), "decides with another list of voters");
        }
    }

    @Test
    void aSiteGivesNoCommandsInTheNameOfAnother() throws Exception {
        try (Voters voters = Voters.running(home);
                PeerCalls west = new PeerCalls(voters.at(WEST).identity(), EAST, 1)) {
            byte[] ask = Json.bytes(new Asks(List.of(new Ask(1, 1, 1_000, registration(EAST, "shop")))));
            assertRefused(west, Kind.ASK, ask, "west gave a command in the name of east");
            byte[] north =
                    Json.bytes(new Asks(List.of(new Ask(1, 1, 1_000, registration(new SiteName("north"), "shop")))));
            assertRefused(west, Kind.PASSED_ON, north, "west passed a command of north on, which is not a voter");
            assertThatThrownBy(() -> voters.at(WEST).voter().ask(registration(EAST, "shop"), PATIENCE))
                    .isInstanceOf(IllegalArgumentException.class);
            register(voters.at(EAST), "shop");
        }
    }

    @Test
    void aSnapshotIsPutNowhereElse() throws Exception {
        try (Voters voters = Voters.running(home);
                PeerCalls west = new PeerCalls(voters.at(WEST).identity(), EAST, 1)) {
            byte[] request = InstallSnapshotRequestProto.newBuilder()
                    .setServerRequest(envelope(WEST, EAST, Voters.LIST))
                    .setSnapshotChunk(InstallSnapshotRequestProto.SnapshotChunkProto.newBuilder()
                            .addFileChunks(FileChunkProto.newBuilder().setFilename("sm/../../../member.json")))
                    .build()
                    .toByteArray();
            assertRefused(west, Kind.SNAPSHOT, request, "a snapshot is not kept at that place");
        }
    }

    @Test
    void anAnswerInTheNameOfAnotherIsNoVote() throws Exception {
        SiteIdentity east = SiteIdentity.create(home.resolve("east"), EAST);
        SiteIdentity liar = SiteIdentity.create(home.resolve("witness"), WITNESS);
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (LinkServer server = new LinkServer(liar, anyPort, IntruderTest::answerAsWest)) {
            PeerAddress address = new PeerAddress("127.0.0.1", server.address().getPort());
            east.join(address, liar.openPairing(Duration.ofMinutes(1)), new PeerAddress("127.0.0.1", 9));
            try (PeerCalls calls = new PeerCalls(east, WITNESS, 1)) {
                RaftTransport transport =
                        new RaftTransport(Map.of(WITNESS, calls), new SyncedDirectory(home.resolve("none")));
                assertThatThrownBy(() -> transport.requestVote(vote(EAST, WITNESS, Voters.LIST)))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("voter witness answered in another's name");
            }
        }
    }

    private static void answerAsWest(PeerChannel channel) throws IOException {
        while (QuorumFrame.read(channel.input()).isPresent()) {
            RequestVoteReplyProto granted = RequestVoteReplyProto.newBuilder()
                    .setServerReply(RaftRpcReplyProto.newBuilder()
                            .setReplyId(ByteString.copyFromUtf8("west"))
                            .setSuccess(true))
                    .build();
            QuorumFrame.answer(granted.toByteArray()).write(channel.output());
        }
    }

    private static void assertRefused(PeerCalls calls, Kind kind, byte[] body, String sentence) {
        assertThatThrownBy(() -> calls.ask(new QuorumFrame(kind, body), PATIENCE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(sentence);
    }
}
