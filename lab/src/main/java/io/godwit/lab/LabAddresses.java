package io.godwit.lab;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;

/** The addresses in every lab; labs don't see each other, so all use the same. */
public final class LabAddresses {
    public static final String CLIENT = "10.80.0.2";
    public static final String CORE_TO_CLIENT = "10.80.0.1";
    public static final String SERVICE_NET = "10.90.0.0/24";
    public static final String SERVICE_GATEWAY = "10.90.0.1/24";
    public static final String SERVICE_GATEWAY_MAC = "52:54:00:67:77:01";
    /** The first VM's address. */
    public static final String SERVICE = "10.90.0.10";

    public static final int CORE_AS = 65000;
    /** Where each site's gobgpd listens for its client, in its own namespace. */
    public static final int SPEAKER_PORT = 50051;

    private LabAddresses() {}

    /** A site's number, from which its addresses are made: 1 for east, 2 for west. */
    private static int number(Place site) {
        return switch (site) {
            case EAST -> 1;
            case WEST -> 2;
            case CLIENT, CORE ->
                throw new GodwitException(
                        ErrorCode.BAD_INPUT, "'%s' is not a site: the sites are east and west".formatted(site));
        };
    }

    public static Place peerOf(Place site) {
        return number(site) == 1 ? Place.WEST : Place.EAST;
    }

    public static int autonomousSystem(Place site) {
        return CORE_AS + number(site);
    }

    /** The site's address on the link between the sites. */
    public static String underlay(Place site) {
        return "10.255.0." + number(site);
    }

    /** The site's address on the link to the core. */
    public static String siteToCore(Place site) {
        return "10.81.%d.2".formatted(number(site));
    }

    /** The core's address on the link to the site. */
    public static String coreToSite(Place site) {
        return "10.81.%d.1".formatted(number(site));
    }
}
