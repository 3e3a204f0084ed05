package io.godwit.link;

import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import java.util.List;
import java.util.Optional;

/**
 * Who calls whom, in the form of a host name: TLS carries it in its first message (server name indication, RFC 6066),
 * so that the called site can show the one certificate that the caller will accept. It proves nothing by itself.
 */
record CallName(SiteName caller, SiteName called) {
    /** The name under which a site that is not paired yet calls. */
    static final String PAIRING = "pairing.godwit.internal";

    private static final String SUFFIX = ".godwit.internal";
    private static final int MAX_LENGTH = 96;

    String host() {
        return caller + "." + called + SUFFIX;
    }

    static Optional<CallName> parse(String host) {
        if (host.length() > MAX_LENGTH || !host.endsWith(SUFFIX)) {
            return Optional.empty();
        }
        String stem = host.substring(0, host.length() - SUFFIX.length());
        List<String> names = List.of(stem.split("\\.", -1));
        try {
            return names.size() == 2
                    ? Optional.of(new CallName(new SiteName(names.get(0)), new SiteName(names.get(1))))
                    : Optional.empty();
        } catch (GodwitException notNames) {
            return Optional.empty();
        }
    }
}
