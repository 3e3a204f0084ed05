package io.godwit.voter;

import static io.godwit.voter.Voters.EAST;
import static io.godwit.voter.Voters.WEST;
import static io.godwit.voter.Voters.register;
import static io.godwit.voter.Voters.registration;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.json.Json;
import io.godwit.voter.QuorumFrame.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A voter says nonsense to another, over a channel that it may use: it is answered with a sentence, and the voters go on. */
class NonsenseTest {
    private static final int ROUNDS = 1_500;
    private static final Kind[] KINDS = Kind.values();

    @TempDir
    Path home = Path.of("");

    @Test
    void theVotersGoOn() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<byte[]> sensible = sensible();
        try (Voters voters = Voters.running(home);
                PeerCalls calls = new PeerCalls(voters.at(WEST).identity(), EAST, 1)) {
            register(voters.at(EAST), "before");
            for (int round = 0; round < ROUNDS; round++) {
                byte[] body = damaged(sensible.get(random.nextInt(sensible.size())), random);
                say(calls, new QuorumFrame(KINDS[random.nextInt(KINDS.length)], body), seed);
            }
            assertThat(voters.at(EAST).voter().leader()).as("seed %d", seed).isPresent();
            register(voters.at(EAST), "after");
            register(voters.at(WEST), "too");
        }
    }

    private static void say(PeerCalls calls, QuorumFrame nonsense, long seed) {
        try {
            calls.ask(nonsense, Duration.ofSeconds(20));
        } catch (IOException refused) {
            assertThat(refused.getMessage())
                    .as("seed %d, %s", seed, nonsense)
                    .doesNotContain("does not answer")
                    .doesNotContain("internal error");
        }
    }

    private static List<byte[]> sensible() {
        return List.of(
                new byte[0],
                Json.bytes(new Asks(List.of(new Ask(5, 5, 10, registration(WEST, "nonsense"))))),
                RequestVoteRequestProto.newBuilder()
                        .setServerRequest(RaftRpcRequestProto.newBuilder()
                                .setRequestorId(ByteString.copyFromUtf8("west"))
                                .setReplyId(ByteString.copyFromUtf8("east")))
                        .setCandidateTerm(3)
                        .build()
                        .toByteArray(),
                "east, west".getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] damaged(byte[] sensible, Random random) {
        byte[] damaged = new byte[random.nextInt(2) == 0 ? sensible.length : random.nextInt(300)];
        random.nextBytes(damaged);
        System.arraycopy(sensible, 0, damaged, 0, Math.min(sensible.length, damaged.length));
        for (int change = random.nextInt(4); change > 0 && damaged.length > 0; change--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        return damaged;
    }
}
