package io.godwit.lab;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A program that a lab's keeper runs at a place and starts again when it ends. It must stay in the foreground; what it
 * prints goes to {@code logs/NAME.log} in the lab's directory.
 *
 * @param socket where the keeper listens for it, even while it is away: the program has that socket as its standard input
 */
public record DaemonSpec(String name, Place place, List<String> argv, Optional<Path> socket) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

    /** One whose standard input is empty. */
    public DaemonSpec(String name, Place place, List<String> argv) {
        this(name, place, argv, Optional.empty());
    }

    public DaemonSpec {
        argv = List.copyOf(argv);
        if (!NAME.matcher(name).matches()) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "'%s' cannot name a process: use 1 to 32 lower-case letters, digits and hyphens".formatted(name));
        }
        if (argv.isEmpty()) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "the process '%s' needs a program to run".formatted(name));
        }
    }
}
