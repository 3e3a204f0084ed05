package io.godwit.core.json;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Where a user wants a report to be written, as JSON. */
public record ReportFile(Path path) {
    /**
     * A file that can be written; it is tried, since root may write wherever permissions are concerned, and yet not everywhere.
     *
     * @throws GodwitException BAD_INPUT if it can't; nothing is left there
     */
    public static ReportFile writable(Path path) {
        boolean there = Files.exists(path);
        try {
            if (there && !Files.isRegularFile(path)) {
                throw new IOException("not a file");
            }
            Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
            if (!there) {
                Files.delete(path);
            }
            return new ReportFile(path);
        } catch (IOException refused) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "--report %s: no file can be written there".formatted(path), refused);
        }
    }

    /**
     * Replaces what was there.
     *
     * @throws GodwitException FAILED if it can no longer be written
     */
    public void write(Object report) {
        try {
            Files.writeString(path, Json.pretty(report) + "\n");
        } catch (IOException failed) {
            throw new GodwitException(
                    ErrorCode.FAILED,
                    "the report cannot be written to %s: %s".formatted(path, failed.getMessage()),
                    failed);
        }
    }
}
