package io.godwit.lab.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client as the demo runs it: a process beside a Redis and an echo that do what the test wants. */
class ClientProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SLOTS = 500;
    private static final int PROBES_PER_SECOND = 200;

    @TempDir
    private Path folder;

    private FakeRedis redis;

    @BeforeEach
    void startRedis() throws IOException {
        redis = new FakeRedis();
    }

    @AfterEach
    void stopRedis() throws IOException {
        redis.close();
    }

    @Test
    void aServiceWithoutFaultsLosesNothing() throws Exception {
        try (FakeEcho echo = new FakeEcho(false);
                ClientProcess client = start(echo.port())) {
            await(client, progress -> progress.tcp().acknowledgedWrites() > 2 * SLOTS);
            ClientResult result = client.finish(PATIENCE);
            TcpCounts tcp = result.client().tcp();
            assertThat(tcp.requests()).isEqualTo(tcp.acknowledgedWrites() + SLOTS);
            assertThat(List.of(tcp.lostWrites(), tcp.wrongReads(), tcp.resets()))
                    .containsOnly(0L);
            assertThat(redis.connections).hasValue(1);
            assertThat(result.client().udp().lost()).isZero();
            assertThat(result.unverifiedWrites()).isZero();
            assertThat(client.alive()).isFalse();
        }
    }

    @Test
    void writesThatWereForgottenOrChangedAreFound() throws Exception {
        try (FakeEcho echo = new FakeEcho(false);
                ClientProcess client = start(echo.port())) {
            await(client, progress -> progress.tcp().acknowledgedWrites() > 2 * SLOTS);
            redis.forgotten.set(3);
            long then = acknowledged(client);
            await(client, progress -> progress.tcp().acknowledgedWrites() > then + 2 * SLOTS);
            assertThat(client.progress().orElseThrow().tcp().lostWrites()).isEqualTo(3);
            redis.forgotten.set(Integer.MAX_VALUE);
            redis.content.replaceAll((key, value) -> "1:torn");
            TcpCounts tcp = client.finish(PATIENCE).client().tcp();
            assertThat(tcp.wrongReads()).isGreaterThanOrEqualTo(SLOTS);
            assertThat(tcp.lostWrites()).isEqualTo(3);
        }
    }

    @Test
    void aBrokenConnectionIsCountedAndReplaced() throws Exception {
        try (FakeEcho echo = new FakeEcho(false);
                ClientProcess client = start(echo.port())) {
            assertThat(client.awaitWorking(PATIENCE)).isTrue();
            redis.breaks.set(2);
            await(client, progress -> progress.tcp().resets() == 2 && progress.connected());
            redis.refusals.set(2);
            long then = acknowledged(client);
            await(client, progress -> progress.tcp().acknowledgedWrites() > then + SLOTS);
            ClientResult result = client.finish(PATIENCE);
            assertThat(result.client().tcp().resets()).isEqualTo(2);
            assertThat(result.client().tcp().lostWrites()).isZero();
            assertThat(result.refusedWrites()).isEqualTo(2);
            assertThat(redis.connections).hasValue(3);
        }
    }

    @Test
    void probesAreCountedByWhatBecameOfThem() throws Exception {
        try (FakeEcho echo = new FakeEcho(true);
                ClientProcess client = start(echo.port())) {
            await(client, progress -> progress.udp().sent() > 50);
            ClientResult result = client.finish(PATIENCE);
            UdpCounts udp = result.client().udp();
            assertThat(List.of(udp.lost(), udp.duplicated(), udp.reordered())).containsExactly(1L, 1L, 1L);
            assertThat(result.lostProbesAtEpochMillis()).hasSize(1);
            assertThat(udp.longestGapMillis()).isPositive();
        }
    }

    @Test
    void withoutRedisTheWritesStayUnverified() throws Exception {
        try (FakeEcho echo = new FakeEcho(false);
                ClientProcess client = start(echo.port())) {
            await(client, progress -> progress.tcp().acknowledgedWrites() > SLOTS);
            redis.breaks.set(Integer.MAX_VALUE);
            ClientResult result = client.finish(Duration.ofSeconds(1));
            assertThat(result.unverifiedWrites()).isEqualTo(SLOTS);
            assertThat(result.client().tcp().lostWrites()).isZero();
            assertThat(client.alive()).isFalse();
        }
    }

    @Test
    void withoutAParentTheClientEnds() throws Exception {
        try (FakeEcho echo = new FakeEcho(false)) {
            ClientProcess client = start(echo.port());
            assertThat(client.awaitWorking(PATIENCE)).isTrue();
            client.hangUp();
            assertThat(client.awaitEnd(PATIENCE)).isTrue();
        }
    }

    private ClientProcess start(int echoPort) throws IOException {
        ClientOptions options = new ClientOptions(
                InetAddress.getLoopbackAddress(),
                redis.port(),
                echoPort,
                PROBES_PER_SECOND,
                SLOTS,
                Duration.ofSeconds(20));
        return ClientProcess.start(List.of(), options, folder.resolve("client.log"));
    }

    private static long acknowledged(ClientProcess client) {
        return client.progress().orElseThrow().tcp().acknowledgedWrites();
    }

    private static void await(ClientProcess client, Predicate<ClientProgress> condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (client.progress().filter(condition).isEmpty()) {
            assertThat(System.nanoTime())
                    .as("still waiting, at %s", client.progress())
                    .isLessThan(end);
            assertThat(client.alive()).isTrue();
            Thread.sleep(Duration.ofMillis(10));
        }
    }
}
