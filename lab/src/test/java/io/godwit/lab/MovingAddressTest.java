package io.godwit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.BitRate;
import io.godwit.core.ByteCount;
import io.godwit.lab.net.LabRemoval;
import io.godwit.lab.wire.EchoingStation;
import io.godwit.lab.wire.LinkShape;
import io.godwit.network.BgpSpeaker;
import io.godwit.network.Edge;
import io.godwit.network.InterfaceName;
import io.godwit.network.Ipv4Address;
import io.godwit.network.Ipv4Interface;
import io.godwit.network.MacAddress;
import io.godwit.network.Placement;
import io.godwit.network.Preference;
import io.godwit.network.ServiceNet;
import io.godwit.network.ServicePort;
import io.godwit.network.TunnelSpec;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An address moves between the sites of a lab as in a planned move, with a station that echoes in the VM's place. */
class MovingAddressTest {
    private static final LabName NAME =
            new LabName("t%d-m".formatted(ProcessHandle.current().pid()));
    private static final int PROBES = 4_000;
    private static final long PROBE_NANOS = 1_000_000;
    private static final int ECHO_PORT = 7;
    private static final ServicePort PORT = new ServicePort(
            new InterfaceName("gwtap0"), Ipv4Address.parse(LabAddresses.SERVICE), new MacAddress("52:54:00:00:00:0a"));

    private static Lab lab;

    private Edge east;
    private Edge west;

    @BeforeAll
    static void bringUp() {
        LinkShape wan = LinkShape.of(Duration.ofMillis(20), BitRate.parse("100mbit"), 0);
        lab = Lab.up(LabSpec.usual(NAME).withSiteDisk(ByteCount.ofMiB(64)).withWan(wan));
    }

    @AfterAll
    static void takeDown() {
        LabRemoval.of(NAME).run();
    }

    @BeforeEach
    void prepare() throws Exception {
        east = prepared(Place.EAST, Placement.HERE);
        west = prepared(Place.WEST, Placement.ELSEWHERE);
        at(Place.EAST, () -> announce(east, Preference.USUAL));
        Eventually.isTrue("the core routes to east", () -> coreRoute().contains("via 10.81.1.2"));
    }

    @AfterEach
    void clear() throws Exception {
        at(Place.EAST, () -> cleared(east));
        at(Place.WEST, () -> cleared(west));
    }

    @Test
    void noProbeIsLostWhileAnAddressMovesToAStationThatIsStillStopped() throws Exception {
        int[] answers = new int[PROBES];
        try (EchoingStation old = new EchoingStation(Place.EAST.namespace(NAME), "gwtap0");
                EchoingStation fresh = new EchoingStation(Place.WEST.namespace(NAME), "gwtap0");
                DatagramSocket socket = at(Place.CLIENT, () -> new DatagramSocket())) {
            Eventually.isTrue("the old port is live", () -> at(Place.EAST, () -> east.isLive(PORT)));
            Eventually.isTrue("the new port is live", () -> at(Place.WEST, () -> west.isLive(PORT)));
            old.resume();
            socket.setSoTimeout(3_000);
            socket.setReceiveBufferSize(4 << 20);
            Thread receiver = Thread.ofPlatform().start(() -> count(socket, answers));
            Thread sender = Thread.ofPlatform().start(() -> send(socket));
            Eventually.isTrue("traffic flows", () -> old.echoed() > 500);

            at(Place.EAST, () -> east.divert(PORT.address()));
            assertThat(at(Place.EAST, () -> east.awaitDrained(PORT, Duration.ofSeconds(10))))
                    .isTrue();
            old.stop();
            Eventually.isTrue("packets wait for the stopped station", () -> waitingAtWest() > 100);
            fresh.resume();
            at(Place.WEST, () -> west.keepHere(PORT.address()));
            at(Place.WEST, () -> announce(west, Preference.TAKING_OVER));
            Eventually.isTrue("the core routes to west", () -> coreRoute().contains("via 10.81.2.2"));
            at(Place.EAST, () -> withdraw(east));
            sender.join();
            receiver.join();
            assertThat(answers).containsOnly(1);
            assertThat(old.echoed() + fresh.echoed()).isEqualTo(PROBES);
        }
        assertThat(coreRoute()).contains("via 10.81.2.2").doesNotContain("via 10.81.1.2");
    }

    @Test
    void theBetterPreferenceWinsAndAWithdrawalFallsBack() throws Exception {
        at(Place.WEST, () -> announce(west, Preference.TAKING_OVER));
        Eventually.isTrue("west is preferred", () -> coreRoute().contains("via 10.81.2.2"));
        at(Place.WEST, () -> announce(west, Preference.TAKING_OVER));
        assertThat(at(Place.WEST, () -> west.speaker().announced())).containsExactly(PORT.address());
        at(Place.WEST, () -> withdraw(west));
        Eventually.isTrue("east is all there is", () -> coreRoute().contains("via 10.81.1.2"));
        at(Place.WEST, () -> withdraw(west));
        at(Place.EAST, () -> withdraw(east));
        Eventually.isTrue("nobody has it", () -> coreRoute().isBlank());
    }

    @Test
    void packetsThatDiedWithTheirReaderAreNotCountedForTheNextOne() throws Exception {
        try (EchoingStation stopped = new EchoingStation(Place.EAST.namespace(NAME), "gwtap0");
                DatagramSocket socket = at(Place.CLIENT, () -> new DatagramSocket())) {
            Eventually.isTrue("the port is live", () -> at(Place.EAST, () -> east.isLive(PORT)));
            for (int probe = 0; probe < 10; probe++) {
                socket.send(new DatagramPacket(new byte[4], 4, new InetSocketAddress(LabAddresses.SERVICE, ECHO_PORT)));
            }
            Eventually.isTrue("they wait", () -> at(Place.EAST, () -> east.waitingPackets(PORT)) == 10);
            assertThat(stopped.echoed()).isZero();
        }
        assertThat(at(Place.EAST, () -> east.awaitDrained(PORT, Duration.ofSeconds(5))))
                .isFalse();
        at(Place.EAST, () -> {
            east.attach(PORT, Placement.HERE);
            return true;
        });
        assertThat(at(Place.EAST, () -> east.waitingPackets(PORT))).isZero();
    }

    private Edge prepared(Place site, Placement placement) throws Exception {
        int number = site == Place.EAST ? 1 : 2;
        LabSite here = lab.site(site);
        TunnelSpec tunnel = new TunnelSpec(
                new InterfaceName("gwvx0"),
                9,
                Ipv4Address.parse(here.underlayAddress()),
                Ipv4Address.parse(here.peerUnderlayAddress()),
                Ipv4Interface.parse("10.254.0.%d/30".formatted(number)),
                Ipv4Address.parse("10.254.0.%d".formatted(3 - number)));
        ServiceNet net = new ServiceNet(
                new InterfaceName("gwbr"),
                Ipv4Interface.parse(LabAddresses.SERVICE_GATEWAY),
                new MacAddress(LabAddresses.SERVICE_GATEWAY_MAC));
        return at(site, () -> {
            Edge edge = new Edge(net, new BgpSpeaker(here.speakerPort()));
            edge.setUpServiceNet();
            edge.prepareTunnel(tunnel);
            edge.attach(PORT, placement);
            edge.ready(PORT.address(), tunnel);
            return edge;
        });
    }

    private static boolean cleared(Edge edge) throws IOException {
        withdraw(edge);
        edge.tearDown();
        edge.close();
        return true;
    }

    private long waitingAtWest() throws Exception {
        return at(Place.WEST, () -> west.waitingPackets(PORT));
    }

    private static boolean announce(Edge edge, Preference preference) {
        edge.speaker().announce(PORT.address(), preference);
        return true;
    }

    private static boolean withdraw(Edge edge) {
        edge.speaker().withdraw(PORT.address());
        return true;
    }

    private String coreRoute() {
        return Place.CORE.namespace(NAME).ip("route show " + LabAddresses.SERVICE + "/32");
    }

    private static <T> T at(Place place, Callable<T> task) throws Exception {
        FutureTask<T> future = new FutureTask<>(task);
        place.namespace(NAME).thread("visitor", future).start();
        return future.get();
    }

    private static void send(DatagramSocket socket) {
        InetSocketAddress service = new InetSocketAddress(LabAddresses.SERVICE, ECHO_PORT);
        long next = System.nanoTime();
        try {
            for (int probe = 0; probe < PROBES; probe++) {
                byte[] content = ByteBuffer.allocate(4).putInt(probe).array();
                socket.send(new DatagramPacket(content, content.length, service));
                next += PROBE_NANOS;
                LockSupport.parkNanos(next - System.nanoTime());
            }
        } catch (IOException broken) {
            throw new AssertionError(broken);
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
}
