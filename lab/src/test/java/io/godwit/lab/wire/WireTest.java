package io.godwit.lab.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.BitRate;
import io.godwit.core.ByteCount;
import io.godwit.lab.wire.Wire.Direction;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A wire between two namespaces, with real sockets at its ends. */
class WireTest {
    private static final LinkShape PLAIN =
            new LinkShape(Duration.ofMillis(5), BitRate.parse("100mbit"), ByteCount.ofMiB(1), 0);
    private static final InetSocketAddress FAR = new InetSocketAddress("10.9.9.2", 5000);

    private final Namespace a =
            new Namespace("gw-wire-%d-a".formatted(ProcessHandle.current().pid()));
    private final Namespace b =
            new Namespace("gw-wire-%d-b".formatted(ProcessHandle.current().pid()));
    private Wire wire;
    private DatagramSocket sender;
    private DatagramSocket receiver;

    @BeforeEach
    void connect() throws Exception {
        a.create();
        b.create();
        for (Namespace place : List.of(a, b)) {
            // The kernel's own IPv6 messages would be counted as well.
            Path ipv6 = Path.of("/proc/sys/net/ipv6/conf/default/disable_ipv6");
            inside(place, () -> Files.exists(ipv6) ? Files.writeString(ipv6, "1") : ipv6);
        }
        TapEnd first = end(a, 1);
        TapEnd second = end(b, 2);
        know(a, 2);
        know(b, 1);
        wire = Wire.connect("test", first, second, PLAIN, 1);
        sender = inside(a, () -> new DatagramSocket());
        receiver = inside(b, () -> new DatagramSocket(5000));
        receiver.setReceiveBufferSize(8 << 20);
        receiver.setSoTimeout(500);
    }

    @AfterEach
    void remove() throws IOException {
        sender.close();
        receiver.close();
        wire.close();
        a.delete();
        b.delete();
    }

    /** After a stall of the wire's own thread a frame may be dated back, to before it was sent: so one or another may seem to be early. */
    @Test
    void aFrameTakesNoLessThanTheDelay() throws IOException {
        receiver.setSoTimeout(5_000);
        long[] took = new long[20];
        for (int probe = 0; probe < took.length; probe++) {
            long began = System.nanoTime();
            send(20);
            receiver.receive(new DatagramPacket(new byte[100], 100));
            took[probe] = System.nanoTime() - began;
        }
        Arrays.sort(took);
        assertThat(took[took.length / 2]).isGreaterThanOrEqualTo(4_980_000);
    }

    @Test
    void theRateHoldsFramesBack() throws IOException {
        wire.reshape(new LinkShape(Duration.ZERO, BitRate.parse("10mbit"), ByteCount.ofMiB(4), 0));
        long began = System.nanoTime();
        for (int frame = 0; frame < 500; frame++) {
            send(1_208);
        }
        assertThat(receiveAll()).isEqualTo(500);
        // 500 frames of 1,250 bytes are 5 Mbit; the receiver has waited half a second for more of them.
        assertThat(System.nanoTime() - began - 500_000_000L).isGreaterThanOrEqualTo(495_000_000L);
    }

    @Test
    void everyFrameIsDeliveredLostOrDropped() throws IOException {
        wire.reshape(new LinkShape(Duration.ofMillis(1), BitRate.parse("20mbit"), ByteCount.ofKiB(64), 5));
        for (int frame = 0; frame < 3_000; frame++) {
            send(1_000);
            if (frame % 10 == 0) {
                LockSupport.parkNanos(1_000_000);
            }
        }
        int received = receiveAll();
        LaneCounters counted = wire.counters(Direction.FORTH);
        assertThat(counted.deliveredFrames()).isEqualTo(received);
        assertThat(counted.deliveredFrames() + counted.lost() + counted.dropped())
                .isEqualTo(3_000);
        assertThat(counted.lost()).isPositive();
        assertThat(counted.dropped())
                .as("more came than 20 Mbit/s and 64 KiB can take")
                .isPositive();
    }

    @Test
    void nothingPassesACutAndEverythingAfterwards() throws IOException {
        wire.switchTo(false);
        for (int frame = 0; frame < 50; frame++) {
            send(100);
        }
        assertThat(receiveAll()).isZero();
        assertThat(wire.counters(Direction.FORTH).cut()).isEqualTo(50);
        wire.switchTo(true);
        for (int frame = 0; frame < 50; frame++) {
            send(100);
        }
        assertThat(receiveAll()).isEqualTo(50);
    }

    @Test
    void eachDirectionHasItsOwnShape() throws IOException {
        wire.reshape(Direction.BACK, new LinkShape(Duration.ZERO, BitRate.parse("1mbit"), ByteCount.ofKiB(64), 100));
        send(100);
        assertThat(receiveAll()).isEqualTo(1);
        assertThat(wire.shape(Direction.FORTH)).isEqualTo(PLAIN);
    }

    private void send(int bytes) throws IOException {
        sender.send(new DatagramPacket(new byte[bytes], bytes, FAR));
    }

    private int receiveAll() throws IOException {
        int received = 0;
        try {
            while (true) {
                receiver.receive(new DatagramPacket(new byte[1_500], 1_500));
                received++;
            }
        } catch (SocketTimeoutException quiet) {
            return received;
        }
    }

    private static TapEnd end(Namespace namespace, int number) throws IOException {
        TapEnd end = TapEnd.open(namespace, "wan");
        namespace.ip("link set dev wan address 02:00:00:00:00:0%d txqueuelen 10000 up".formatted(number));
        namespace.ip("address add 10.9.9.%d/24 dev wan".formatted(number));
        return end;
    }

    private static void know(Namespace namespace, int other) {
        namespace.ip(
                "neighbour replace 10.9.9.%d lladdr 02:00:00:00:00:0%d dev wan nud permanent".formatted(other, other));
    }

    private static <T> T inside(Namespace namespace, Callable<T> task) throws Exception {
        FutureTask<T> future = new FutureTask<>(task);
        namespace.thread("visitor", future).start();
        return future.get();
    }
}
