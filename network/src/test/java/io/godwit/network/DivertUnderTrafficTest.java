package io.godwit.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A client sends paced probes to a service while its traffic is diverted to and fro between two sites. A namespace with
 * the service's address stands for the VM at each site; the way back from either leads straight to the client.
 *
 * <pre>
 *   vm-a -- site a ======= tunnel ======= site b -- vm-b
 *                \                       /
 *                 `------- client ------'
 * </pre>
 */
class DivertUnderTrafficTest {
    private static final int PROBES = 6_000;
    private static final long PROBE_NANOS = 500_000;
    private static final int DIVERTS = 40;
    private static final int ECHO_PORT = 7;

    private final List<OwnNamespace> places = new ArrayList<>();
    private OwnNamespace client;
    private Site a;
    private Site b;

    /** One site: its edge, and the namespace that stands for the VM there. */
    private record Site(OwnNamespace place, OwnNamespace vm, Edge edge, TunnelSpec tunnel, ServicePort port) {}

    @BeforeEach
    void build() throws Exception {
        client = place("client");
        OwnNamespace placeA = place("a");
        OwnNamespace placeB = place("b");
        connect(placeA, "wan", "10.255.0.1/30", placeB, "wan", "10.255.0.2/30");
        connect(client, "a", "10.81.1.1/30", placeA, "core", "10.81.1.2/30");
        connect(client, "b", "10.81.2.1/30", placeB, "core", "10.81.2.2/30");
        client.ip("route add 10.90.0.0/24 via 10.81.1.2");
        a = site(placeA, 1, Placement.HERE, "10.81.1.1");
        b = site(placeB, 2, Placement.ELSEWHERE, "10.81.2.1");
    }

    @AfterEach
    void leave() throws Exception {
        for (OwnNamespace place : places) {
            place.close();
        }
    }

    @Test
    void noProbeIsLostOrDoubledWhileTrafficIsDivertedToAndFro() throws Exception {
        int[] answers = new int[PROBES];
        try (DatagramSocket socket = client.call(DatagramSocket::new)) {
            socket.setSoTimeout(2_000);
            socket.setReceiveBufferSize(4 << 20);
            Thread receiver = Thread.ofPlatform().start(() -> count(socket, answers));
            Thread diverter = Thread.ofPlatform().start(this::divertToAndFro);
            send(socket);
            diverter.join();
            receiver.join();
        }
        assertThat(answers).containsOnly(1);
        TunnelCounters through = b.place().call(() -> b.edge().tunnelCounters(b.tunnel()));
        assertThat(through.receivedPackets()).as("some went each way").isBetween(PROBES / 10L, PROBES * 9L / 10);
    }

    private void divertToAndFro() {
        for (int change = 0; change < DIVERTS; change++) {
            LockSupport.parkNanos(PROBES * PROBE_NANOS / (DIVERTS + 1));
            Ipv4Address address = a.port().address();
            boolean away = change % 2 == 0;
            inPlace(a, () -> away ? a.edge().divert(address) : a.edge().keepHere(address));
        }
    }

    private static void inPlace(Site site, Callable<?> task) {
        try {
            site.place().call(task);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private static void send(DatagramSocket socket) throws Exception {
        InetSocketAddress service = new InetSocketAddress("10.90.0.10", ECHO_PORT);
        long next = System.nanoTime();
        for (int probe = 0; probe < PROBES; probe++) {
            byte[] content = ByteBuffer.allocate(4).putInt(probe).array();
            socket.send(new DatagramPacket(content, content.length, service));
            next += PROBE_NANOS;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    private static void count(DatagramSocket socket, int[] answers) {
        DatagramPacket answer = new DatagramPacket(new byte[4], 4);
        try {
            while (true) {
                socket.receive(answer);
                answers[ByteBuffer.wrap(answer.getData()).getInt()]++;
            }
        } catch (SocketTimeoutException quiet) {
            // No more answers come.
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
    }

    private OwnNamespace place(String name) throws Exception {
        OwnNamespace place = new OwnNamespace(name);
        places.add(place);
        place.call(() -> {
            KernelSetting.set("ipv4/conf/all/rp_filter", 0);
            KernelSetting.set("ipv4/conf/default/rp_filter", 0);
            return true;
        });
        return place;
    }

    private static void connect(
            OwnNamespace one, String oneName, String oneAddress, OwnNamespace two, String twoName, String twoAddress)
            throws Exception {
        one.ip("link add name %s mtu 1600 type veth peer name %s mtu 1600 netns %s"
                .formatted(oneName, twoName, two.file()));
        one.ip("address add %s dev %s".formatted(oneAddress, oneName));
        two.ip("address add %s dev %s".formatted(twoAddress, twoName));
        one.ip("link set dev %s up".formatted(oneName));
        two.ip("link set dev %s up".formatted(twoName));
    }

    private Site site(OwnNamespace place, int number, Placement placement, String defaultRoute) throws Exception {
        ServiceNet net = new ServiceNet(
                new InterfaceName("gwbr"), Ipv4Interface.parse("10.90.0.1/24"), new MacAddress("52:54:00:67:77:01"));
        ServicePort port = new ServicePort(
                new InterfaceName("tap0"), Ipv4Address.parse("10.90.0.10"), new MacAddress("52:54:00:00:00:0a"));
        TunnelSpec tunnel = new TunnelSpec(
                new InterfaceName("gwvx0"),
                5,
                Ipv4Address.parse("10.255.0." + number),
                Ipv4Address.parse("10.255.0." + (3 - number)),
                Ipv4Interface.parse("10.254.0.%d/30".formatted(number)),
                Ipv4Address.parse("10.254.0." + (3 - number)));
        place.ip("route add default via " + defaultRoute);
        OwnNamespace vm = virtualMachine(place, port);
        Edge edge = place.call(() -> {
            Edge made = new Edge(net, new BgpSpeaker(50051));
            made.setUpServiceNet();
            made.prepareTunnel(tunnel);
            made.attach(port, placement);
            made.ready(port.address(), tunnel);
            return made;
        });
        return new Site(place, vm, edge, tunnel, port);
    }

    /** A namespace with the service's address, which echoes; its end of a veth stands in for the TAP. */
    private OwnNamespace virtualMachine(OwnNamespace site, ServicePort port) throws Exception {
        OwnNamespace vm = place("vm");
        site.ip("link add name %s type veth peer name eth0 netns %s".formatted(port.tap(), vm.file()));
        vm.ip("link set eth0 address %s up".formatted(port.mac()));
        vm.ip("address add %s/24 dev eth0".formatted(port.address()));
        vm.ip("route add default via 10.90.0.1");
        DatagramSocket echo = vm.call(() -> new DatagramSocket(ECHO_PORT));
        echo.setReceiveBufferSize(4 << 20);
        Thread.ofPlatform().daemon().start(() -> echo(echo));
        return vm;
    }

    private static void echo(DatagramSocket socket) {
        DatagramPacket packet = new DatagramPacket(new byte[64], 64);
        try (socket) {
            while (true) {
                packet.setLength(64);
                socket.receive(packet);
                socket.send(packet);
            }
        } catch (IOException gone) {
            // The test is over.
        }
    }
}
