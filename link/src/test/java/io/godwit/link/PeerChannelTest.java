package io.godwit.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.GroupName;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerChannelTest {
    private static final Optional<GroupName> SHOP = Optional.of(new GroupName("shop"));

    @TempDir
    Path directory = Path.of("");

    private final Sites.Echo echo = new Sites.Echo();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private LinkServer server;
    private Link link;

    @BeforeEach
    void start() throws IOException {
        SiteIdentity east = Sites.create(directory, Sites.EAST);
        SiteIdentity west = Sites.create(directory, Sites.WEST);
        server = Sites.serve(east, echo);
        Sites.pair(east, server, west);
        link = new Link(west, Sites.EAST);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        threads.close();
    }

    @Test
    void bothEndsKnowWhoAndWhatFor() throws Exception {
        try (PeerChannel here = link.open(ChannelKind.REPLICATION, SHOP)) {
            PeerChannel there = accepted();
            assertThat(here.peer()).isEqualTo(Sites.EAST);
            assertThat(there.peer()).isEqualTo(Sites.WEST);
            assertThat(there.kind()).isEqualTo(ChannelKind.REPLICATION);
            assertThat(there.group()).isEqualTo(SHOP);
        }
    }

    @Test
    void carriesBytesAndCountsThemAsTheyCrossTheWire() throws Exception {
        try (PeerChannel here = link.open(ChannelKind.CONTROL, Optional.empty())) {
            long before = here.bytesSent();
            here.output().write(new byte[1000]);
            here.output().flush();
            assertThat(here.input().readNBytes(1000)).hasSize(1000);
            assertThat(here.bytesSent() - before).isBetween(1001L, 1100L);
            assertThat(here.bytesReceived()).isGreaterThan(1000);
            PeerChannel there = accepted();
            assertThat(there.bytesReceived()).isEqualTo(here.bytesSent());
        }
    }

    @Test
    void whatWasSentBeforeACloseStillArrives() throws Exception {
        PeerChannel here = link.open(ChannelKind.CONTROL, Optional.empty());
        PeerChannel there = accepted();
        here.output().write(new byte[] {1, 2, 3});
        here.output().flush();
        assertThat(here.input().readNBytes(3)).containsExactly(1, 2, 3);
        there.close();
        assertThat(here.input().read()).isEqualTo(-1);
        here.close();
    }

    @Test
    void closingEndsAReadInAnotherThread() throws Exception {
        PeerChannel here = link.open(ChannelKind.CONTROL, Optional.empty());
        Future<Throwable> reader = threads.submit(failureOf(() -> here.input().read()));
        here.close();
        assertThat(reader.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }

    @Test
    void closingEndsAWriteThatThePeerDoesNotRead() throws Exception {
        PeerChannel here = link.open(ChannelKind.CONTROL, Optional.empty());
        Future<Throwable> writer = threads.submit(failureOf(() -> {
            while (true) {
                here.output().write(new byte[1 << 16]);
            }
        }));
        long sent = -1;
        while (sent != here.bytesSent()) {
            sent = here.bytesSent();
            Thread.sleep(300);
        }
        here.close();
        assertThat(writer.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }

    @Test
    void silenceCanBeBounded() throws Exception {
        try (PeerChannel here = link.open(ChannelKind.CONTROL, Optional.empty())) {
            here.readTimeout(Duration.ofMillis(50));
            assertThatThrownBy(() -> here.input().read()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void aClosedServerEndsItsChannels() throws Exception {
        try (PeerChannel here = link.open(ChannelKind.CONTROL, Optional.empty())) {
            accepted();
            server.close();
            assertThat(threads.submit(failureOf(() -> readToEnd(here))).get(20, TimeUnit.SECONDS))
                    .isNotNull();
        }
    }

    private static Object readToEnd(PeerChannel channel) throws IOException {
        if (channel.input().read() < 0) {
            throw new IOException("end");
        }
        return channel;
    }

    private PeerChannel accepted() throws InterruptedException {
        PeerChannel channel = echo.channels.poll(20, TimeUnit.SECONDS);
        assertThat(channel).isNotNull();
        return channel;
    }

    /** What stopped the action; an error of the test if nothing did. */
    private static Callable<Throwable> failureOf(Callable<?> action) {
        return () -> {
            try {
                return new AssertionError("went on with " + action.call());
            } catch (Exception failure) {
                return failure;
            }
        };
    }
}
