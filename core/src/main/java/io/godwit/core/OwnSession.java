package io.godwit.core;

import java.util.ArrayList;
import java.util.List;

/**
 * A command that runs in a session of its own: it outlives who started it, no terminal's signal reaches it, and it has a share of
 * the processors of its own.
 *
 * <p>Where the kernel groups processes by session (sched(7), "The autogroup feature"), a process's nice value counts among
 * those of its session only; between sessions it is the group's nice value that counts. So that is what is set here. It can't
 * be set from outside without a race, hence the shell, which becomes the program: the process keeps its number. Where the
 * kernel has no such groups, or won't have the value changed, nothing happens.
 */
public final class OwnSession {
    private static final String SCRIPT = "{ echo \"$0\" >/proc/self/autogroup; } 2>/dev/null; exec \"$@\"";

    private OwnSession() {}

    /**
     * The words that run {@code command} so.
     *
     * @param niceness of the session among other sessions, from -20 (gets the processors first) to 19
     */
    public static List<String> of(int niceness, List<String> command) {
        if (niceness < -20 || niceness > 19) {
            throw new IllegalArgumentException("no nice value: " + niceness);
        }
        List<String> words = new ArrayList<>(List.of("setsid", "sh", "-c", SCRIPT, Integer.toString(niceness)));
        words.addAll(command);
        return words;
    }
}
