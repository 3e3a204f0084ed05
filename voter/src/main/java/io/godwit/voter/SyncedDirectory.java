package io.godwit.voter;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The directory of Raft's files. Ratis replaces the file that holds its vote by a rename, and leaves it to the file system when that
 * survives a power failure; a vote that was told and forgotten could be given twice.
 */
record SyncedDirectory(Path path) {
    /** After this, a power failure leaves the files' names as they are now. */
    void sync() throws IOException {
        if (Files.exists(path)) {
            try (FileChannel directory = FileChannel.open(path, StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }
}
