package io.godwit.volume.nbd;

import static io.godwit.volume.StoreFixture.LIMITS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.DurabilityRule;
import io.godwit.volume.GroupStore;
import io.godwit.volume.Role;
import io.godwit.volume.nbd.NbdClient.Chunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Headers with lengths of 64 bits. The clients of Debian 12 don't ask for them yet, so this one is our own. */
class ExtendedHeadersTest {
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int DISCONNECT = 2;
    private static final int FLUSH = 3;
    private static final int TRIM = 4;
    private static final int BLOCK_STATUS = 7;

    private static final DiskName LARGE = new DiskName("large");
    private static final long SIZE = 12L << 30;

    @TempDir
    Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private GroupStore store;

    @SuppressWarnings("NullAway.Init")
    private NbdServer server;

    private Path socket = Path.of("");

    @BeforeEach
    void start() throws IOException {
        Path home = Files.createDirectory(directory.resolve("store"));
        DiskSpec large = new DiskSpec(LARGE, new ByteCount(SIZE), home.resolve("large.img"));
        store = GroupStore.create(home, List.of(large), Role.PRIMARY, Term.FIRST, Position.START, LIMITS);
        socket = directory.resolve("nbd.sock");
        server = new NbdServer(socket, List.of(new NbdExport("large", store.disk(LARGE), DurabilityRule.local(store))));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        store.close();
    }

    private static byte[] question(long range, int... contexts) {
        ByteBuffer payload = ByteBuffer.allocate(Long.BYTES + contexts.length * Integer.BYTES)
                .putLong(range);
        for (int context : contexts) {
            payload.putInt(context);
        }
        return payload.array();
    }

    private static void assertDone(Chunk chunk, long offset) {
        assertThat(chunk)
                .isEqualTo(new Chunk(
                        NbdProtocol.REPLY_FLAG_DONE, NbdProtocol.REPLY_TYPE_NONE, offset, ByteBuffer.allocate(0)));
    }

    @Test
    void everyReplyIsAChunkThatRepeatsTheOffset() throws Exception {
        try (NbdClient client = NbdClient.extended(socket, "large")) {
            client.extendedRequest(0, WRITE, 1, 5L << 30, 3, (byte) 7, (byte) 8, (byte) 9);
            assertDone(client.chunk(1), 5L << 30);
            client.extendedRequest(0, FLUSH, 2, 0, 0);
            assertDone(client.chunk(2), 0);
            client.extendedRequest(0, READ, 3, (5L << 30) - 1, 4);
            Chunk data = client.chunk(3);
            assertThat(data.type()).isEqualTo(NbdProtocol.REPLY_TYPE_OFFSET_DATA);
            assertThat(data.offset()).isEqualTo((5L << 30) - 1);
            assertThat(data.payload())
                    .isEqualTo(ByteBuffer.allocate(12)
                            .putLong((5L << 30) - 1)
                            .put(new byte[] {0, 7, 8, 9})
                            .flip());
            client.extendedRequest(0, READ, 4, SIZE, 1);
            Chunk refused = client.chunk(4);
            assertThat(refused.offset()).isEqualTo(SIZE);
            assertThat(refused.error()).isEqualTo(NbdProtocol.EINVAL);
            client.extendedRequest(0, DISCONNECT, 5, 0, 0);
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void oneRequestReachesOverTheWholeDisk() throws Exception {
        try (NbdClient client = NbdClient.extended(socket, "large")) {
            client.extendedRequest(0, WRITE, 1, 6L << 30, 1, (byte) 1);
            assertDone(client.chunk(1), 6L << 30);
            client.extendedRequest(0, TRIM, 2, 0, SIZE);
            assertDone(client.chunk(2), 0);
            client.extendedRequest(0, BLOCK_STATUS, 3, 0, SIZE);
            Chunk runs = client.chunk(3);
            assertThat(runs.type()).isEqualTo(NbdProtocol.REPLY_TYPE_BLOCK_STATUS_EXT);
            assertThat(runs.payload())
                    .isEqualTo(ByteBuffer.allocate(24)
                            .putInt(NbdProtocol.BASE_ALLOCATION_ID)
                            .putInt(1)
                            .putLong(SIZE)
                            .putLong(NbdProtocol.STATE_ZERO | NbdProtocol.STATE_HOLE)
                            .flip());
            client.extendedRequest(0, TRIM, 4, 1, SIZE);
            assertThat(client.chunk(4).error()).isEqualTo(NbdProtocol.EINVAL);
            client.extendedRequest(0, TRIM, 5, 0, -1);
            assertThat(client.chunk(5).error()).isEqualTo(NbdProtocol.EINVAL);
            client.extendedRequest(0, READ, 6, 0, SIZE);
            assertThat(client.chunk(6).error()).isEqualTo(NbdProtocol.EINVAL);
        }
    }

    @Test
    void aQuestionForBlockStatusMayNameItsContext() throws Exception {
        try (NbdClient client = NbdClient.extended(socket, "large")) {
            client.extendedRequest(0, BLOCK_STATUS, 1, 4096, 12, question(SIZE - 4096, NbdProtocol.BASE_ALLOCATION_ID));
            Chunk runs = client.chunk(1);
            assertThat(runs.offset()).isEqualTo(4096);
            assertThat(runs.payload().getLong(8)).isEqualTo(SIZE - 4096);
            client.extendedRequest(0, BLOCK_STATUS, 2, 0, 12, question(4096, 77));
            assertThat(client.chunk(2).error()).isEqualTo(NbdProtocol.EINVAL);
            client.extendedRequest(0, BLOCK_STATUS, 3, 0, 16, question(4096, 1, 1));
            assertThat(client.chunk(3).error()).isEqualTo(NbdProtocol.EINVAL);
            client.extendedRequest(0, BLOCK_STATUS, 4, 0, 8, question(4096));
            assertThat(client.chunk(4).error()).isEqualTo(NbdProtocol.EINVAL);
            client.extendedRequest(0, BLOCK_STATUS, 5, 4096, 12, question(SIZE, 1));
            assertThat(client.chunk(5).error()).isEqualTo(NbdProtocol.EINVAL);
        }
    }

    @Test
    void aPayloadThatDoesNotBelongIsSkipped() throws Exception {
        try (NbdClient client = NbdClient.extended(socket, "large")) {
            client.extendedRequest(0, READ, 1, 0, 3, (byte) 1, (byte) 2, (byte) 3);
            assertThat(client.chunk(1).error()).isEqualTo(NbdProtocol.EINVAL);
            client.extendedRequest(0, WRITE, 2, 0, 3);
            assertThat(client.chunk(2).error()).as("a write without the flag").isEqualTo(NbdProtocol.EINVAL);
            client.extendedRequest(NbdProtocol.CMD_FLAG_PAYLOAD_LEN, WRITE, 3, 0, 0);
            assertThat(client.chunk(3).error()).isEqualTo(NbdProtocol.EINVAL);
            client.extendedRequest(0, READ, 4, 0, 1);
            assertThat(client.chunk(4).payload().get(8)).isZero();
            client.extendedRequest(NbdProtocol.CMD_FLAG_PAYLOAD_LEN, READ, 5, 0, (32L << 20) + 1);
            assertThat(client.ended()).isTrue();
        }
        assertThat(store.head()).isEqualTo(Position.START);
    }

    @Test
    void shortRequestsAreNoneAfterTheHandshakeAgreedOnLongOnes() throws Exception {
        try (NbdClient client = NbdClient.extended(socket, "large")) {
            client.request(0, READ, 1, 0, 1, new byte[4]);
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void theyComeInPlaceOfStructuredReplies() throws Exception {
        try (NbdClient client = NbdClient.greeted(socket)) {
            assertThat(client.ask(NbdProtocol.OPT_SET_META_CONTEXT, NbdClient.question("large")))
                    .isEqualTo(NbdProtocol.REP_ERR_INVALID);
            assertThat(client.ask(NbdProtocol.OPT_EXTENDED_HEADERS, (byte) 0)).isEqualTo(NbdProtocol.REP_ERR_INVALID);
            assertThat(client.ask(NbdProtocol.OPT_STRUCTURED_REPLY)).isEqualTo(NbdProtocol.REP_ACK);
            assertThat(client.ask(NbdProtocol.OPT_EXTENDED_HEADERS)).isEqualTo(NbdProtocol.REP_ACK);
            assertThat(client.ask(NbdProtocol.OPT_STRUCTURED_REPLY)).isEqualTo(NbdProtocol.REP_ERR_EXT_HEADER_REQD);
            client.option(NbdProtocol.OPT_EXPORT_NAME, "large".getBytes(UTF_8));
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void aFilteredBlockStatusIsOfferedToThoseWhoCanAsk() throws Exception {
        try (NbdClient client = NbdClient.greeted(socket)) {
            assertThat(flagsOf(client) & NbdProtocol.BLOCK_STATUS_PAYLOAD).isZero();
            client.ask(NbdProtocol.OPT_EXTENDED_HEADERS);
            assertThat(flagsOf(client) & NbdProtocol.BLOCK_STATUS_PAYLOAD).isZero();
            client.ask(NbdProtocol.OPT_SET_META_CONTEXT, NbdClient.question("large"));
            assertThat(flagsOf(client) & NbdProtocol.BLOCK_STATUS_PAYLOAD).isNotZero();
        }
    }

    private static int flagsOf(NbdClient client) throws IOException {
        client.option(NbdProtocol.OPT_INFO, NbdClient.goTo("large"));
        int flags = 0;
        for (var reply = client.optionReply(); reply.type() != NbdProtocol.REP_ACK; reply = client.optionReply()) {
            ByteBuffer information = reply.data();
            if (information.getShort() == NbdProtocol.INFO_EXPORT) {
                flags = information.getShort(10);
            }
        }
        return flags;
    }
}
