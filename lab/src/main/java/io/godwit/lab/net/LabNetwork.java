package io.godwit.lab.net;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.lab.LabAddresses;
import io.godwit.lab.LabName;
import io.godwit.lab.LabSpec;
import io.godwit.lab.LinkStatus;
import io.godwit.lab.Place;
import io.godwit.lab.wire.LinkShape;
import io.godwit.lab.wire.Namespace;
import io.godwit.lab.wire.TapEnd;
import io.godwit.lab.wire.Wire;
import io.godwit.lab.wire.Wire.Direction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A lab's namespaces and the links between them. The namespaces stay when this is closed; the links go. */
public final class LabNetwork implements AutoCloseable {
    /** Frames that wait in the kernel while this process doesn't get to run; the emulated queue is counted on its own. */
    private static final int DEVICE_QUEUE_FRAMES = 10_000;

    private record Link(LinkPlan plan, Wire wire) {}

    private final LabName lab;
    private final Map<String, Link> links = new LinkedHashMap<>();

    private LabNetwork(LabName lab) {
        this.lab = lab;
    }

    public static LabNetwork build(LabSpec spec) throws IOException {
        LabNetwork network = new LabNetwork(spec.name());
        for (Place place : Place.values()) {
            network.makePlace(place);
        }
        for (LinkPlan plan : LinkPlan.of(spec)) {
            network.makeLink(plan, spec.seed() * 31 + plan.name().hashCode());
        }
        network.addRoutes();
        return network;
    }

    /** Reshapes the direction of the frames that enter at {@code from}, or both. */
    public void reshape(String link, Optional<Place> from, LinkShape shape) {
        Link changed = link(link);
        if (from.isEmpty()) {
            changed.wire().reshape(shape);
        } else {
            changed.wire().reshape(direction(changed.plan(), from.get()), shape);
        }
    }

    public void switchTo(String link, boolean up) {
        link(link).wire().switchTo(up);
    }

    public List<LinkStatus> status() {
        List<LinkStatus> lanes = new ArrayList<>();
        for (Link link : links.values()) {
            Place first = link.plan().first().place();
            Place second = link.plan().second().place();
            lanes.add(lane(link, first, second, Direction.FORTH));
            lanes.add(lane(link, second, first, Direction.BACK));
        }
        return lanes;
    }

    @Override
    public void close() throws IOException {
        for (Link link : links.values()) {
            link.wire().close();
        }
    }

    private void makePlace(Place place) {
        Namespace namespace = place.namespace(lab);
        namespace.create();
        namespace.ip("link set dev lo up");
        int forward = place == Place.CLIENT ? 0 : 1;
        KernelSettings.apply(
                namespace,
                Map.of(
                        "ipv4/ip_forward", forward,
                        "ipv4/conf/all/rp_filter", 0,
                        "ipv4/conf/default/rp_filter", 0,
                        "ipv4/conf/all/send_redirects", 0,
                        "ipv4/conf/default/send_redirects", 0,
                        "ipv6/conf/all/disable_ipv6", 1,
                        "ipv6/conf/default/disable_ipv6", 1));
    }

    private void makeLink(LinkPlan plan, long seed) throws IOException {
        TapEnd first = makeEnd(plan.first(), plan.mtu());
        TapEnd second = makeEnd(plan.second(), plan.mtu());
        know(plan.first(), plan.second());
        know(plan.second(), plan.first());
        links.put(plan.name(), new Link(plan, Wire.connect(plan.name(), first, second, plan.shape(), seed)));
    }

    private TapEnd makeEnd(LinkPlan.End end, int mtu) throws IOException {
        Namespace namespace = end.place().namespace(lab);
        TapEnd tap = TapEnd.open(namespace, end.device());
        namespace.ip("link set dev %s address %s mtu %d txqueuelen %d up"
                .formatted(end.device(), end.mac(), mtu, DEVICE_QUEUE_FRAMES));
        namespace.ip("address add %s/%d dev %s".formatted(end.address(), end.prefixLength(), end.device()));
        return tap;
    }

    /** A wide area link has no ARP that loss or a cut could disturb. */
    private void know(LinkPlan.End here, LinkPlan.End there) {
        here.place()
                .namespace(lab)
                .ip("neighbour replace %s lladdr %s dev %s nud permanent"
                        .formatted(there.address(), there.mac(), here.device()));
    }

    private void addRoutes() {
        defaultRoute(Place.CLIENT, LabAddresses.CORE_TO_CLIENT);
        defaultRoute(Place.EAST, LabAddresses.coreToSite(Place.EAST));
        defaultRoute(Place.WEST, LabAddresses.coreToSite(Place.WEST));
        underlayRoute(Place.EAST);
        underlayRoute(Place.WEST);
    }

    private void defaultRoute(Place place, String gateway) {
        place.namespace(lab).ip("route add default via " + gateway);
    }

    /** A third place reaches a site at the address that the site has for its peers, over the core. */
    private void underlayRoute(Place site) {
        Place.CORE
                .namespace(lab)
                .ip("route add %s via %s".formatted(LabAddresses.underlay(site), LabAddresses.siteToCore(site)));
    }

    private Link link(String name) {
        Link link = links.get(name);
        if (link == null) {
            throw new GodwitException(
                    ErrorCode.NOT_FOUND,
                    "a lab has no link '%s'; it has: %s".formatted(name, String.join(", ", links.keySet())));
        }
        return link;
    }

    private static Direction direction(LinkPlan plan, Place from) {
        if (plan.first().place() == from) {
            return Direction.FORTH;
        }
        if (plan.second().place() == from) {
            return Direction.BACK;
        }
        throw new GodwitException(ErrorCode.BAD_INPUT, "the link '%s' does not end at %s".formatted(plan.name(), from));
    }

    private static LinkStatus lane(Link link, Place from, Place to, Direction direction) {
        Wire wire = link.wire();
        return new LinkStatus(
                link.plan().name(), from, to, wire.isUp(), wire.shape(direction), wire.counters(direction));
    }
}
