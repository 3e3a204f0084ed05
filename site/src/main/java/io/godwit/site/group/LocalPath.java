package io.godwit.site.group;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A file or directory of this site, as people name it. */
public final class LocalPath {
    private LocalPath() {}

    /**
     * What is meant by a text.
     *
     * @throws GodwitException BAD_INPUT if it is no absolute path
     */
    public static Path parse(String text) {
        Path path;
        try {
            path = Path.of(text);
        } catch (InvalidPathException strange) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "that can't be the name of a file", strange);
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "a name with control characters can't be the name of a file here");
        }
        if (!path.isAbsolute()) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "'%s' is not an absolute path".formatted(text));
        }
        return path.normalize();
    }
}
