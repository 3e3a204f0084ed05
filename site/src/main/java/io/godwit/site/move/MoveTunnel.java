package io.godwit.site.move;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.network.Edge;
import io.godwit.network.InterfaceName;
import io.godwit.network.Ipv4Address;
import io.godwit.network.Ipv4Interface;
import io.godwit.network.TunnelCounters;
import io.godwit.network.TunnelSpec;
import io.godwit.site.SiteContext;
import io.godwit.site.peer.PeerRequest;
import io.godwit.site.peer.TunnelPlan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.CRC32;

/** One end of the tunnel through which a move's diverted traffic goes. */
public final class MoveTunnel {
    /** A tunnel through which nothing went for so long carries nothing any more. */
    private static final Duration SILENCE = Duration.ofMillis(1_500);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int VNI_MASK = (1 << 23) - 1;

    private final Edge edge;
    private final TunnelSpec spec;

    private MoveTunnel(Edge edge, TunnelSpec spec) {
        this.edge = edge;
        this.spec = spec;
    }

    /** What the source proposes: a number and link-local inner addresses that follow from the group's name. */
    static TunnelPlan plan(SiteContext site, GroupName group) {
        CRC32 sum = new CRC32();
        sum.update(group.value().getBytes(StandardCharsets.UTF_8));
        int hash = (int) sum.getValue();
        int third = 1 + (hash >>> 8 & 0xff) % 253;
        int fourth = hash & 0xfc;
        return new TunnelPlan(
                1 + (hash & VNI_MASK),
                site.config().underlay(),
                "169.254.%d.%d/30".formatted(third, fourth + 1),
                "169.254.%d.%d/30".formatted(third, fourth + 2));
    }

    static MoveTunnel atSource(SiteContext site, TunnelPlan plan, String targetUnderlay) {
        return new MoveTunnel(
                site.edge(),
                new TunnelSpec(
                        device(plan),
                        plan.vni(),
                        site.config().underlayAddress(),
                        Ipv4Address.parse(targetUnderlay),
                        Ipv4Interface.parse(plan.sourceInner()),
                        Ipv4Interface.parse(plan.targetInner()).address()));
    }

    static MoveTunnel atTarget(SiteContext site, PeerRequest.PrepareNetwork request) {
        requireSameNetwork(site, request);
        TunnelPlan plan = request.tunnel();
        return new MoveTunnel(
                site.edge(),
                new TunnelSpec(
                        device(plan),
                        plan.vni(),
                        site.config().underlayAddress(),
                        Ipv4Address.parse(plan.sourceUnderlay()),
                        Ipv4Interface.parse(plan.targetInner()),
                        Ipv4Interface.parse(plan.sourceInner()).address()));
    }

    private static void requireSameNetwork(SiteContext site, PeerRequest.PrepareNetwork request) {
        var ours = site.config().service();
        if (!ours.gateway().equals(request.gateway()) || !ours.gatewayMac().equals(request.gatewayMac())) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "the service network differs: its gateway is %s (%s) there and %s (%s) here; a machine that moves would lose it"
                            .formatted(request.gateway(), request.gatewayMac(), ours.gateway(), ours.gatewayMac()));
        }
    }

    private static InterfaceName device(TunnelPlan plan) {
        return new InterfaceName("gwt%06x".formatted(plan.vni()));
    }

    TunnelSpec spec() {
        return spec;
    }

    void prepare() {
        edge.setUpServiceNet();
        edge.prepareTunnel(spec);
    }

    void remove() {
        edge.removeTunnel(spec.device());
    }

    /** Removes a tunnel of which only the group is known: an earlier daemon built it. */
    public static void remove(SiteContext site, GroupName group) {
        site.edge().removeTunnel(device(plan(site, group)));
    }

    /** Returns when nothing has come through for a while: true, or false when patience ran out before. */
    boolean awaitSilence() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long packets = -1;
        long since = System.nanoTime();
        while (System.nanoTime() < deadline) {
            TunnelCounters counters = edge.tunnelCounters(spec);
            if (counters.packets() != packets) {
                packets = counters.packets();
                since = System.nanoTime();
            } else if (System.nanoTime() - since >= SILENCE.toNanos()) {
                return true;
            }
            Thread.sleep(POLL);
        }
        return false;
    }

    /** How long {@link #awaitSilence} watched an already silent tunnel. */
    static Duration silence() {
        return SILENCE;
    }
}
