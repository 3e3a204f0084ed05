package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.nio.file.Path;
import java.util.Set;

/** Where a disk's base image is, and what it is. Its text form is what users write and stores keep. */
public sealed interface BaseLocation {
    /** A raw file or a block device on this host. */
    record Local(Path path) implements BaseLocation {
        public Local {
            path = path.toAbsolutePath().normalize();
            requirePrintable(path.toString());
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** An export of an NBD server, named as libnbd understands it. */
    record Remote(String uri) implements BaseLocation {
        private static final Set<String> SCHEMES = Set.of("nbd", "nbds", "nbd+unix", "nbds+unix");

        public Remote {
            requirePrintable(uri);
            if (uri.contains(" ") || !SCHEMES.contains(scheme(uri))) {
                throw new GodwitException(
                        ErrorCode.BAD_INPUT,
                        ("'%s' is no NBD server: write nbd+unix:///EXPORT?socket=PATH, nbd://HOST:PORT/EXPORT, or nbds in"
                                        + " place of nbd for TLS")
                                .formatted(uri));
            }
        }

        @Override
        public String toString() {
            return uri;
        }
    }

    /**
     * What is meant by a text: an absolute path, or a URI.
     *
     * @throws GodwitException BAD_INPUT if it is neither
     */
    static BaseLocation parse(String text) {
        if (!scheme(text).isEmpty()) {
            return new Remote(text);
        }
        if (!text.startsWith("/")) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "'%s' is neither an absolute path nor an NBD URI".formatted(text));
        }
        return new Local(Path.of(text));
    }

    private static String scheme(String text) {
        int end = text.indexOf("://");
        return end < 0 || text.startsWith("/") ? "" : text.substring(0, end);
    }

    private static void requirePrintable(String text) {
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "where an image is has a control character in it");
        }
    }
}
