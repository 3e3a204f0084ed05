package io.godwit.network;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What runs of Godwit made in this namespace and may have left: interfaces of our link group, rules and routes of our marks, leases of ports. */
final class EdgeRemains {
    private static final Pattern INTERFACE = Pattern.compile("(?m)^\\d+: ([^:@]+)[:@]");
    private static final String OUR_ROUTES = "71";
    private static final String OUR_RULES = "710";

    private EdgeRemains() {}

    static void remove() {
        Matcher devices = INTERFACE.matcher(Ip.run("-o", "link", "show", "group", Ip.LINK_GROUP));
        while (devices.find()) {
            Ip.attempt("link", "delete", "dev", devices.group(1));
        }
        while (Ip.attempt("rule", "delete", "priority", OUR_RULES)) {
            // One rule goes at a time.
        }
        Ip.run("route", "flush", "proto", OUR_ROUTES);
        LeasedPorts.remove();
    }
}
