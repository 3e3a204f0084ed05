package io.godwit.lab.chaos;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Where the logs of a lab's daemons are to stay when the lab is gone. */
record LogKeeping(Path directory) {
    /** @throws GodwitException BAD_INPUT if there can be no such directory */
    static LogKeeping in(Path directory) {
        try {
            return new LogKeeping(Files.createDirectories(directory));
        } catch (IOException refused) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "--logs %s: no directory can be made there".formatted(directory), refused);
        }
    }

    /** Copies what is there now. */
    void keep(Path logs) {
        try (Stream<Path> all = Files.list(logs)) {
            List<Path> files = all.filter(Files::isRegularFile).toList();
            for (Path file : files) {
                Files.copy(file, directory.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException failed) {
            throw new GodwitException(
                    ErrorCode.FAILED,
                    "the logs cannot be copied to %s: %s".formatted(directory, failed.getMessage()),
                    failed);
        }
    }
}
