package io.godwit.api;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.util.List;

/** What a definition may ask a guest's agent to run. */
final class GuestCommand {
    private static final int MAX_WORDS = 64;
    private static final int MAX_WORD_CHARS = 4096;

    private GuestCommand() {}

    /**
     * Checks a command: an absolute path and arguments.
     *
     * @param what it is, in the sentence of a refusal
     */
    static void require(String what, List<String> command) {
        boolean possible = !command.isEmpty()
                && command.size() <= MAX_WORDS
                && command.getFirst().startsWith("/")
                && command.stream().allMatch(word -> word.length() <= MAX_WORD_CHARS);
        if (!possible) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "%s is a list: the absolute path of a program in the machine, and its arguments, at most %d words"
                            .formatted(what, MAX_WORDS));
        }
    }
}
