package io.godwit.lab.wire;

import io.godwit.core.BitRate;
import io.godwit.lab.wire.Wire.Direction;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures what a wire can do: {@code java … WireBlast 40ms 500mbit 0 [seconds]}. It floods one direction by TCP, then by
 * paced UDP of full frames, with round trips measured meanwhile, and prints rates, losses and the CPU time it took.
 */
final class WireBlast {
    private static final int MTU = 1_500;
    private static final int UDP_BYTES = MTU - 28;

    private final Namespace a =
            new Namespace("gw-blast-%d-a".formatted(ProcessHandle.current().pid()));
    private final Namespace b =
            new Namespace("gw-blast-%d-b".formatted(ProcessHandle.current().pid()));

    private WireBlast() {}

    public static void main(String[] args) throws Exception {
        Duration roundTrip = io.godwit.lab.LinkOptions.duration(args[0]);
        LinkShape shape = LinkShape.of(roundTrip, BitRate.parse(args[1]), Double.parseDouble(args[2]));
        int seconds = args.length > 3 ? Integer.parseInt(args[3]) : 5;
        WireBlast blast = new WireBlast();
        blast.a.create();
        blast.b.create();
        try (Wire wire = Wire.connect("blast", blast.end(blast.a, 1), blast.end(blast.b, 2), shape, 1)) {
            blast.ping("idle");
            blast.tcp(wire, 2, "warm-up");
            blast.tcp(wire, seconds, "tcp");
            blast.udp(wire, shape, seconds);
        } finally {
            blast.a.delete();
            blast.b.delete();
        }
    }

    private TapEnd end(Namespace namespace, int number) throws IOException {
        TapEnd end = TapEnd.open(namespace, "wan");
        namespace.ip("link set dev wan mtu %d txqueuelen 10000 up".formatted(MTU));
        namespace.ip("address add 10.9.9.%d/24 dev wan".formatted(number));
        namespace.ip("route replace 10.9.9.%d/32 dev wan congctl bbr".formatted(3 - number));
        return end;
    }

    private void tcp(Wire wire, int seconds, String name) throws Exception {
        try (ServerSocket server = in(b, () -> new ServerSocket(5001));
                Socket client = in(a, () -> new Socket("10.9.9.2", 5001));
                Socket accepted = server.accept()) {
            Thread.ofPlatform().daemon().start(() -> swallow(accepted));
            byte[] block = new byte[1 << 16];
            LaneCounters before = wire.counters(Direction.FORTH);
            long cpu = cpuNanos();
            long laneCpu = laneNanos();
            long began = System.nanoTime();
            OutputStream out = client.getOutputStream();
            while (System.nanoTime() - began < seconds * 1_000_000_000L) {
                out.write(block);
            }
            report(name, wire, before, began, cpu, laneCpu);
        }
    }

    private void udp(Wire wire, LinkShape shape, int seconds) throws Exception {
        try (DatagramSocket server = in(b, () -> new DatagramSocket(5002));
                DatagramSocket client = in(a, () -> new DatagramSocket())) {
            server.setReceiveBufferSize(8 << 20);
            client.setSendBufferSize(8 << 20);
            byte[] content = new byte[UDP_BYTES];
            DatagramPacket packet = new DatagramPacket(content, UDP_BYTES, new InetSocketAddress("10.9.9.2", 5002));
            long gap = (long) ((MTU + 14) * 8e9 / shape.rate().bitsPerSecond() / 0.98);
            LaneCounters before = wire.counters(Direction.FORTH);
            long cpu = cpuNanos();
            long laneCpu = laneNanos();
            long began = System.nanoTime();
            Thread pinger = Thread.ofPlatform().start(() -> ping("under load"));
            long next = began;
            long sent = 0;
            while (next - began < seconds * 1_000_000_000L) {
                client.send(packet);
                sent++;
                next += gap;
                long wait = next - System.nanoTime();
                if (wait > 50_000) {
                    LockSupport.parkNanos(wait);
                }
            }
            Thread.sleep(500);
            report("udp", wire, before, began, cpu, laneCpu);
            System.out.printf("  udp sent %d frames, %.1f kpps%n", sent, sent / (seconds * 1000.0));
            pinger.join();
        }
    }

    /** Round trips of small datagrams, every 5 ms. */
    private void ping(String name) {
        try (DatagramSocket server = in(b, () -> new DatagramSocket(5003));
                DatagramSocket client = in(a, () -> new DatagramSocket())) {
            Thread.ofPlatform().daemon().start(() -> echo(server));
            client.setSoTimeout(1_000);
            List<Long> times = new ArrayList<>();
            DatagramPacket packet = new DatagramPacket(new byte[16], 16, InetAddress.getByName("10.9.9.2"), 5003);
            for (int probe = 0; probe < 40; probe++) {
                long began = System.nanoTime();
                client.send(packet);
                try {
                    client.receive(new DatagramPacket(new byte[16], 16));
                    times.add(System.nanoTime() - began);
                } catch (IOException lost) {
                    times.add(Long.MAX_VALUE);
                }
                LockSupport.parkNanos(5_000_000);
            }
            long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
            System.out.printf(
                    "round trip %s: min %.2f median %.2f p90 %.2f max %.2f ms%n",
                    name, sorted[0] / 1e6, sorted[20] / 1e6, sorted[36] / 1e6, sorted[39] / 1e6);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private static void report(String name, Wire wire, LaneCounters before, long began, long cpu, long laneCpu) {
        LaneCounters now = wire.counters(Direction.FORTH);
        double seconds = (System.nanoTime() - began) / 1e9;
        long frames = now.deliveredFrames() - before.deliveredFrames();
        System.out.printf(
                "%s: %.1f Mbit/s, %.1f kpps, lost %d, dropped %d, refused %d; cores: lanes %.2f, all %.2f%n",
                name,
                (now.deliveredBytes() - before.deliveredBytes()) * 8 / seconds / 1e6,
                frames / seconds / 1e3,
                now.lost() - before.lost(),
                now.dropped() - before.dropped(),
                now.refused() - before.refused(),
                (laneNanos() - laneCpu) / 1e9 / seconds,
                (cpuNanos() - cpu) / 1e9 / seconds);
    }

    private static void swallow(Socket socket) {
        byte[] block = new byte[1 << 16];
        try {
            while (socket.getInputStream().read(block) >= 0) {
                Arrays.fill(block, 0, 1, (byte) 0);
            }
        } catch (IOException done) {
            // The measurement is over.
        }
    }

    private static void echo(DatagramSocket socket) {
        DatagramPacket packet = new DatagramPacket(new byte[16], 16);
        try {
            while (true) {
                socket.receive(packet);
                socket.send(packet);
            }
        } catch (IOException done) {
            // The measurement is over.
        }
    }

    private static <T> T in(Namespace namespace, Callable<T> task) throws Exception {
        FutureTask<T> future = new FutureTask<>(task);
        namespace.thread("visitor", future).start();
        return future.get();
    }

    private static long laneNanos() {
        var threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().startsWith("wire-"))
                .mapToLong(thread -> threads.getThreadCpuTime(thread.getThreadId()))
                .sum();
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
