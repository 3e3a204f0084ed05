package io.godwit.network;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A site's edge: commands the kernel's data plane in the network namespace of the thread that calls, and the BGP
 * speaker beside it. The program must be root there.
 *
 * <p>Every method states a wish and may be repeated, also by a program that was killed half-way and started again: what
 * is there already stays, what is missing is made. An edge remembers only which tunnel stands ready for which address;
 * after a restart, prepare the tunnels and ready the addresses again. Changes that take several steps exclude each other;
 * a divert waits for none of them. At no moment is an address without a route.
 *
 * <pre>
 *   old site                                      new site
 *   attach(port, HERE)   announce(USUAL)
 *   prepareTunnel, ready(address, tunnel)         prepareTunnel, attach(port, ELSEWHERE), ready(address, tunnel)
 *   divert(address) ------- tunnel -------------> the TAP's queue holds what arrives
 *   (the VM pauses, and resumes at the new site)
 *                                                 keepHere(address)   announce(TAKING_OVER)
 *   withdraw(address)                             announce(USUAL)
 *   (the tunnel's counters stay silent)
 *   detach(port), removeTunnel                    removeTunnel
 * </pre>
 */
public final class Edge implements AutoCloseable {
    private static final int DISCARD_PORT = 9;
    private static final Duration DRAIN_POLL = Duration.ofMillis(1);
    private static final Duration DRAIN_STUCK = Duration.ofMillis(100);

    private final ServiceNet net;
    private final ServiceBridge bridge;
    private final BgpSpeaker speaker;
    private final HostRoutes routes;
    private final Map<Ipv4Address, Diversion> diversions = new ConcurrentHashMap<>();

    public Edge(ServiceNet net, BgpSpeaker speaker) {
        this.net = net;
        this.speaker = speaker;
        this.bridge = new ServiceBridge(net);
        this.routes = new HostRoutes(net.bridge());
    }

    /** Makes the service network's bridge with its gateway, and lets the kernel route. */
    public synchronized void setUpServiceNet() {
        bridge.setUp();
    }

    /** Makes the VM's TAP, with a long queue, and all that its packets need to find it; then places its traffic. */
    public synchronized void attach(ServicePort port, Placement placement) {
        net.requireMember(port.address());
        new Tap(port).plugInto(net.bridge());
        switch (placement) {
            case HERE -> routes.keepHere(port.address());
            case ELSEWHERE -> routes.removeHere(port.address());
        }
    }

    /** Removes the TAP and the address's host routes. QEMU must not be using the TAP any more. */
    public synchronized void detach(ServicePort port) {
        unready(port.address());
        routes.removeHere(port.address());
        new Tap(port).unplugFrom(net.bridge());
    }

    /** Makes one end of a tunnel, ready for the first packet. */
    public synchronized void prepareTunnel(TunnelSpec tunnel) {
        new Tunnel(tunnel).prepare(net);
    }

    /** Installs the diverted route of an address into a prepared tunnel; it carries nothing until {@link #divert}. */
    public synchronized void ready(Ipv4Address address, TunnelSpec tunnel) {
        net.requireMember(address);
        Diversion diversion = Diversion.into(tunnel);
        routes.putDiverted(address, diversion);
        diversions.put(address, diversion);
    }

    /** Takes the diverted route away again. */
    public synchronized void unready(Ipv4Address address) {
        Diversion diversion = diversions.remove(address);
        if (diversion != null) {
            routes.removeDiverted(address, diversion);
        }
    }

    /** Sends the address's traffic into the tunnel from now on, by one atomic change; returns how long that took. */
    public Duration divert(Ipv4Address address) {
        Diversion diversion = diversions.get(address);
        if (diversion == null) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "%s cannot be diverted: no tunnel stands ready for it at this edge".formatted(address));
        }
        return routes.divert(address, diversion);
    }

    /** Sends the address's traffic to its port at this site from now on, by one atomic change; returns how long that took. */
    public Duration keepHere(Ipv4Address address) {
        net.requireMember(address);
        return routes.keepHere(address);
    }

    /** Where the address's traffic goes now; empty if nothing was ever said about it. */
    public Optional<Placement> placement(Ipv4Address address) {
        return routes.placement(address);
    }

    /**
     * Whether packets for the VM reach its TAP and stay there: QEMU has opened it, also if the VM is stopped. Don't divert to
     * a site where this is not so yet.
     */
    public boolean isLive(ServicePort port) {
        return new Tap(port).isLive();
    }

    /**
     * Sends one packet to every machine on the service network, a datagram to the discard port (RFC 863). QEMU takes one
     * packet from a TAP even while its guest is stopped, and forgets it when it loads a device state: so it gets one that
     * nobody misses, before any that matter.
     */
    public void prime() {
        try (DatagramSocket socket =
                new DatagramSocket(new InetSocketAddress(net.gateway().address().toInetAddress(), 0))) {
            socket.setBroadcast(true);
            socket.send(
                    new DatagramPacket(new byte[1], 1, net.gateway().broadcast().toInetAddress(), DISCARD_PORT));
        } catch (IOException failed) {
            throw new GodwitException(
                    ErrorCode.FAILED,
                    "no packet can be sent on %s: %s".formatted(net.bridge(), failed.getMessage()),
                    failed);
        }
    }

    /**
     * Waits until QEMU has read every packet that the kernel held for the VM. Call it between divert and pause: what is
     * still in the queue of a VM that never resumes here is lost.
     *
     * @return {@code false} if packets still waited when the time was up, or if none was read for 100 ms
     */
    public boolean awaitDrained(ServicePort port, Duration atMost) throws InterruptedException {
        Tap tap = new Tap(port);
        long deadline = System.nanoTime() + atMost.toNanos();
        long latest = tap.waiting();
        long progress = System.nanoTime();
        for (long waiting = latest; waiting > 0; waiting = tap.waiting()) {
            long now = System.nanoTime();
            progress = waiting == latest ? progress : now;
            latest = waiting;
            if (now - deadline >= 0 || now - progress > DRAIN_STUCK.toNanos()) {
                return false;
            }
            Thread.sleep(DRAIN_POLL);
        }
        return true;
    }

    /** Packets that wait in the kernel for a VM that is stopped or slow; merged segments are counted one by one. */
    public long waitingPackets(ServicePort port) {
        return new Tap(port).waiting();
    }

    public TunnelCounters tunnelCounters(TunnelSpec tunnel) {
        return new Tunnel(tunnel).counters();
    }

    /** Removes this end of a tunnel and every diverted route through it. */
    public synchronized void removeTunnel(InterfaceName device) {
        diversions.values().removeIf(diversion -> diversion.device().equals(device));
        Tunnel.remove(device);
    }

    /** Lets TCP to the peer site keep its rate when the path loses packets; {@code false} if the kernel has no BBR. */
    public boolean pinRouteToPeer(Ipv4Address peerUnderlay) {
        return PeerRoute.pin(peerUnderlay);
    }

    public BgpSpeaker speaker() {
        return speaker;
    }

    /** Removes every interface that any run of Godwit made in this namespace, and with them their routes, and the tunnels' rules. */
    public synchronized void tearDown() {
        diversions.clear();
        EdgeRemains.remove();
        bridge.tearDown();
    }

    /** Lets go of the kernel's routing table; everything that was set up stays in force. */
    @Override
    public void close() throws IOException {
        routes.close();
    }
}
