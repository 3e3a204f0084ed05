package io.godwit.lab.net;

import io.godwit.lab.LabAddresses;
import io.godwit.lab.LabSpec;
import io.godwit.lab.Place;
import io.godwit.lab.wire.LinkShape;
import java.util.List;

/** One link as it is to be made: its two ends, its shape, and the largest IP packet in bytes that it takes. */
record LinkPlan(String name, End first, End second, LinkShape shape, int mtu) {
    private static final int USUAL_MTU = 1_500;

    /** An end: a device at a place, with an address in a network that the other end shares, and a MAC of its own. */
    record End(Place place, String device, String address, int prefixLength) {
        String mac() {
            String[] octets = address.split("\\.", -1);
            return "02:4c:%02x:%02x:%02x:%02x"
                    .formatted(
                            Integer.parseInt(octets[0]),
                            Integer.parseInt(octets[1]),
                            Integer.parseInt(octets[2]),
                            Integer.parseInt(octets[3]));
        }
    }

    static List<LinkPlan> of(LabSpec spec) {
        return List.of(
                new LinkPlan(
                        "client",
                        new End(Place.CLIENT, "core", LabAddresses.CLIENT, 24),
                        new End(Place.CORE, "client", LabAddresses.CORE_TO_CLIENT, 24),
                        spec.client(),
                        USUAL_MTU),
                toCore(Place.EAST, spec),
                toCore(Place.WEST, spec),
                new LinkPlan(
                        "wan",
                        new End(Place.EAST, "wan", LabAddresses.underlay(Place.EAST), 30),
                        new End(Place.WEST, "wan", LabAddresses.underlay(Place.WEST), 30),
                        spec.wan(),
                        spec.wanMtu()));
    }

    private static LinkPlan toCore(Place site, LabSpec spec) {
        return new LinkPlan(
                site.toString(),
                new End(Place.CORE, site.toString(), LabAddresses.coreToSite(site), 30),
                new End(site, "core", LabAddresses.siteToCore(site), 30),
                spec.access(),
                USUAL_MTU);
    }
}
