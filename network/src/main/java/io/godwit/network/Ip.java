package io.godwit.network;

import io.godwit.core.Command;
import io.godwit.network.netlink.RoutingTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The {@code ip} and {@code bridge} programs, for everything at the edge that is not urgent, in the calling thread's namespace. */
final class Ip {
    /** The link group of every interface that Godwit made here, so that all of them can be found again. */
    static final String LINK_GROUP = "7171";

    private Ip() {}

    /** Runs {@code ip} with these words; a value's text form is its word. */
    static String run(Object... words) {
        return Command.of(words("ip", words)).run();
    }

    /** Whether {@code ip} with these words succeeded; for what may well be absent or present already. */
    static boolean attempt(Object... words) {
        return Command.of(words("ip", words)).attempt().succeeded();
    }

    static String bridge(Object... words) {
        return Command.of(words("bridge", words)).run();
    }

    static boolean exists(InterfaceName device) {
        return RoutingTable.interfaceIndex(device.value()).isPresent();
    }

    /** The word that follows {@code key} in the output of {@code ip}, or "" if the key is not there. */
    static String wordAfter(String key, String output) {
        List<String> words = List.of(output.strip().split("\\s+"));
        int at = words.indexOf(key);
        return at < 0 || at + 1 == words.size() ? "" : words.get(at + 1);
    }

    private static List<String> words(String program, Object... words) {
        List<String> argv = new ArrayList<>(Collections.singleton(program));
        for (Object word : words) {
            argv.add(word.toString());
        }
        return argv;
    }
}
