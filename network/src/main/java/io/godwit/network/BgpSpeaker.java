package io.godwit.network;

import io.godwit.core.Command;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The gobgpd beside this edge, told by its command-line client what to announce. It keeps nothing over a restart of its
 * own: who wants an address announced says so again.
 */
public final class BgpSpeaker {
    private static final Duration MAX_WAIT = Duration.ofSeconds(5);

    private final int port;

    /** @param port where gobgpd listens for its client, on 127.0.0.1 in this namespace */
    public BgpSpeaker(int port) {
        if (port < 1 || port > 65535) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "a port must be from 1 to 65535, not " + port);
        }
        this.port = port;
    }

    /** Announces a host route, or changes the preference of one announced before (in one step). */
    public void announce(Ipv4Address address, Preference preference) {
        client("global", "rib", "add", "-a", "ipv4", address + "/32", "community", preference.community());
    }

    /** Withdraws the host route; one that is not announced stays so. */
    public void withdraw(Ipv4Address address) {
        client("global", "rib", "del", "-a", "ipv4", address + "/32");
    }

    /** The host routes announced from here now. */
    public Set<Ipv4Address> announced() {
        Set<Ipv4Address> addresses = new TreeSet<>();
        for (Object prefix : Json.read(client("-j", "global", "rib", "-a", "ipv4"), Map.class, "gobgp's list of routes")
                .keySet()) {
            String text = String.valueOf(prefix);
            if (text.endsWith("/32")) {
                addresses.add(Ipv4Address.parse(text.substring(0, text.length() - 3)));
            }
        }
        return addresses;
    }

    private String client(String... words) {
        List<String> argv = new ArrayList<>(List.of("gobgp", "-u", "127.0.0.1", "-p", Integer.toString(port)));
        argv.addAll(List.of(words));
        Command.Outcome outcome = Command.of(argv).within(MAX_WAIT).attempt();
        if (!outcome.succeeded()) {
            throw new GodwitException(
                    ErrorCode.UNREACHABLE,
                    "the gobgpd at 127.0.0.1 port %d did not accept `%s`: %s"
                            .formatted(
                                    port,
                                    String.join(" ", words),
                                    outcome.output().strip()));
        }
        return outcome.output();
    }
}
