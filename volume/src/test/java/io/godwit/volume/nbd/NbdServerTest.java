package io.godwit.volume.nbd;

import static io.godwit.volume.StoreFixture.DISK_SIZE;
import static io.godwit.volume.StoreFixture.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.volume.DurabilityRule;
import io.godwit.volume.GroupStore;
import io.godwit.volume.StoreFixture;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NbdServerTest {
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int DISCONNECT = 2;
    private static final int FLUSH = 3;
    private static final int TRIM = 4;

    @TempDir
    Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private GroupStore store;

    @SuppressWarnings("NullAway.Init")
    private NbdServer server;

    private final Gate gate = new Gate();
    private Path socket = Path.of("");

    /** A rule under which nothing is safe until the gate opens. */
    private static final class Gate implements DurabilityRule {
        private final CountDownLatch open = new CountDownLatch(1);
        private final CountDownLatch waiting = new CountDownLatch(1);
        private final CountDownLatch givenUp = new CountDownLatch(1);

        @Override
        public void admit(long bytes) {}

        @Override
        public void awaitSafe(Position position) throws InterruptedException {
            waiting.countDown();
            try {
                open.await();
            } catch (InterruptedException interrupted) {
                givenUp.countDown();
                throw interrupted;
            }
        }
    }

    @BeforeEach
    void start() throws IOException {
        store = StoreFixture.primary(directory.resolve("store"));
        socket = directory.resolve("nbd.sock");
        server = serve();
    }

    private NbdServer serve() throws IOException {
        return new NbdServer(socket, List.of(new NbdExport("root", store.disk(ROOT), gate)));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        store.close();
    }

    @Test
    void aFlushHoldsNothingUp() throws Exception {
        try (NbdClient client = NbdClient.connect(socket, "root")) {
            client.request(0, WRITE, 1, 0, 2, (byte) 7, (byte) 8);
            client.request(0, FLUSH, 2, 0, 0);
            client.request(NbdProtocol.CMD_FLAG_FUA, WRITE, 3, 2, 1, (byte) 9);
            client.request(0, READ, 4, 0, 3);
            assertThat(client.reply(1)).isZero();
            assertThat(client.reply(4)).isZero();
            assertThat(client.data(3)).containsExactly(7, 8, 9);
            gate.open.countDown();
            client.request(0, DISCONNECT, 5, 0, 0);
            assertThat(client.data(2 * 16)).hasSize(2 * 16);
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void whatAVanishedClientAskedForEndsQuietly() throws Exception {
        try (NbdClient client = NbdClient.connect(socket, "root")) {
            client.request(0, FLUSH, 1, 0, 0);
            assertThat(gate.waiting.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(gate.givenUp.await(20, TimeUnit.SECONDS)).isTrue();
        assertWorks();
    }

    private void assertWorks() throws IOException {
        try (NbdClient client = NbdClient.connect(socket, "root")) {
            client.request(0, READ, 1, 0, 1);
            assertThat(client.reply(1)).isZero();
        }
    }

    @Test
    void wrongRequestsAreRefusedAndTheirPayloadSkipped() throws Exception {
        long size = DISK_SIZE.bytes();
        try (NbdClient client = NbdClient.connect(socket, "root")) {
            client.request(0, READ, 1, size, 1);
            assertThat(client.reply(1)).isEqualTo(NbdProtocol.EINVAL);
            client.request(0, WRITE, 2, size - 1, 2, (byte) 1, (byte) 2);
            assertThat(client.reply(2)).isEqualTo(NbdProtocol.ENOSPC);
            client.request(0, TRIM, 3, -1, 2);
            assertThat(client.reply(3)).isEqualTo(NbdProtocol.EINVAL);
            client.request(1 << 7, WRITE, 4, 0, 1, (byte) 1);
            assertThat(client.reply(4)).isEqualTo(NbdProtocol.EINVAL);
            client.request(0, 77, 5, 0, 0);
            assertThat(client.reply(5)).isEqualTo(NbdProtocol.EINVAL);
            client.request(0, READ, 6, 0, 0);
            assertThat(client.reply(6)).isEqualTo(NbdProtocol.EINVAL);
            client.request(0, FLUSH, 7, 4096, 0);
            assertThat(client.reply(7)).isEqualTo(NbdProtocol.EINVAL);
            client.request(0, READ, 8, 0, (32L << 20) + 1);
            assertThat(client.reply(8)).isEqualTo(NbdProtocol.EINVAL);
            client.request(0, 7, 9, 0, 1);
            assertThat(client.reply(9)).as("block status not agreed on").isEqualTo(NbdProtocol.EINVAL);
            assertThat(store.head()).isEqualTo(Position.START);
            client.request(0, WRITE, 10, 0, (32L << 20) + 1);
            assertThat(client.ended()).isTrue();
        }
        assertWorks();
    }

    @Test
    void aReplicaRefusesWritesWithEperm() throws Exception {
        store.fence();
        try (NbdClient client = NbdClient.connect(socket, "root")) {
            client.request(0, WRITE, 1, 0, 1, (byte) 1);
            assertThat(client.reply(1)).isEqualTo(NbdProtocol.EPERM);
            client.request(0, TRIM, 2, 0, 1);
            assertThat(client.reply(2)).isEqualTo(NbdProtocol.EPERM);
            store.promote(store.term().next());
            client.request(0, WRITE, 3, 0, 1, (byte) 1);
            assertThat(client.reply(3)).isZero();
        }
    }

    @Test
    void exportsComeAndGo() throws Exception {
        server.add(new NbdExport("past", store.disk(ROOT), gate, true));
        assertThatThrownBy(() -> server.add(new NbdExport("past", store.disk(ROOT), gate)))
                .isInstanceOf(GodwitException.class);
        try (NbdClient client = NbdClient.connect(socket, "past");
                NbdClient other = NbdClient.connect(socket, "root")) {
            client.request(0, WRITE, 1, 0, 1, (byte) 1);
            assertThat(client.reply(1)).isEqualTo(NbdProtocol.EPERM);
            client.request(0, TRIM, 2, 0, 1);
            assertThat(client.reply(2)).isEqualTo(NbdProtocol.EPERM);
            client.request(0, READ, 3, 0, 1);
            assertThat(client.reply(3)).isZero();
            assertThat(client.data(1)).containsExactly(0);
            server.remove("past");
            assertThat(client.ended()).isTrue();
            other.request(0, READ, 4, 0, 1);
            assertThat(other.reply(4)).isZero();
        }
        try (NbdClient late = NbdClient.connect(socket, "past")) {
            assertThat(late.ended()).isTrue();
        }
        assertThat(store.head()).isEqualTo(Position.START);
    }

    @Test
    void whoeverAsksForAnExportThatIsOnItsWayWaitsForIt() throws Exception {
        Path early = directory.resolve("early.sock");
        try (NbdServer opening = NbdServer.takingUp(early)) {
            CompletableFuture<NbdClient> waiting = connecting(early, "late");
            CompletableFuture<NbdClient> inVain = connecting(early, "never");
            opening.add(new NbdExport("other", store.disk(ROOT), gate));
            opening.add(new NbdExport("late", store.disk(ROOT), gate));
            try (NbdClient client = waiting.get(60, TimeUnit.SECONDS)) {
                client.request(0, READ, 1, 0, 1);
                assertThat(client.reply(1)).isZero();
            }
            assertThat(inVain).isNotDone();
            opening.settle();
            try (NbdClient refused = inVain.get(60, TimeUnit.SECONDS)) {
                assertThat(refused.ended()).isTrue();
            }
        }
        assertThat(early).doesNotExist();
    }

    private static CompletableFuture<NbdClient> connecting(Path socket, String export) {
        CompletableFuture<NbdClient> connected = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                connected.complete(NbdClient.connect(socket, export));
            } catch (IOException failed) {
                connected.completeExceptionally(failed);
            }
        });
        return connected;
    }

    @Test
    void theSocketIsItsOwnersAlone() throws Exception {
        assertThat(Files.getPosixFilePermissions(socket)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("store", "nbd.sock");
    }

    @Test
    void theSocketOfADeadServerIsReplacedAndThatOfALivingOneIsNot() throws Exception {
        assertThatThrownBy(this::serve)
                .isInstanceOfSatisfying(
                        GodwitException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CONFLICT));
        server.close();
        ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        dead.bind(UnixDomainSocketAddress.of(socket)).close();
        assertThat(socket).exists();
        server = serve();
        assertWorks();
        server.close();
        assertThat(socket).doesNotExist();
        Files.writeString(socket, "something else");
        assertThatThrownBy(this::serve).isInstanceOf(GodwitException.class);
        assertThat(socket).hasContent("something else");
    }

    @Test
    void closingEndsAllConnections() throws Exception {
        try (NbdClient client = NbdClient.connect(socket, "root")) {
            client.request(0, FLUSH, 1, 0, 0);
            assertThat(gate.waiting.await(20, TimeUnit.SECONDS)).isTrue();
            server.close();
            assertThat(client.ended()).isTrue();
        }
    }
}
