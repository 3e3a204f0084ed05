package io.godwit.site.inside;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A line that came out of a machine. */
sealed interface InsideLine {
    /** The longest line, without its end. */
    int MAX_BYTES = 128;

    /** A program asks for a checkpoint; the answer begins with this word, which says nothing else. */
    record Checkpoint(String token) implements InsideLine {}

    /** Nothing that is understood here. */
    record Unreadable(String why) implements InsideLine {}

    Pattern CHECKPOINT = Pattern.compile("checkpoint ([A-Za-z0-9][A-Za-z0-9-]{0,31})");

    static InsideLine parse(String line) {
        Matcher checkpoint = CHECKPOINT.matcher(line);
        return checkpoint.matches()
                ? new Checkpoint(checkpoint.group(1))
                : new Unreadable("a request is 'checkpoint TOKEN', with a TOKEN of 1 to 32 of A-Z, a-z, 0-9 and '-'");
    }
}
