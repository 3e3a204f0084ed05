package io.godwit.site.inside;

import io.godwit.core.GodwitException;
import io.godwit.core.Position;

/** What became of requests, said to each program that made one. */
sealed interface Answer {
    /** The longest line to a machine, without its end. */
    int MAX_BYTES = 512;

    /** The line of a daemon that has connected. */
    String READY = "ready";

    /** The word in place of a token where none could be read. */
    String NO_TOKEN = "-";

    /** The other site has a checkpoint that was begun after the request came. */
    record Done(Position position) implements Answer {}

    /** Nothing was done. */
    record Refused(String sentence) implements Answer {}

    /** It was tried. */
    record Failed(String sentence) implements Answer {}

    /** Why the group is refused one is told in full; what else fails is the hosts' affair, and is not told in a machine. */
    static Answer of(GodwitException failure) {
        return failure.code().refused() ? new Refused(failure.sentence()) : failed();
    }

    static Answer failed() {
        return new Failed("no checkpoint got to the other site; the status of the group says why");
    }

    /** The line for the program that gave this token, without its end. */
    default String line(String token) {
        return switch (this) {
            case Done(Position position) -> token + " done " + position;
            case Refused(String sentence) -> printable(token + " refused " + sentence);
            case Failed(String sentence) -> printable(token + " failed " + sentence);
        };
    }

    private static String printable(String text) {
        String plain = text.replaceAll("[^ -~]", "?");
        return plain.substring(0, Math.min(plain.length(), MAX_BYTES));
    }
}
