package io.godwit.volume;

import io.godwit.core.Position;
import io.godwit.volume.Progress.Checkpoint;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A place in the log of a closed store where something stands that is no record, although there was one that was on
 * stable storage: a disk has lost or changed it. What a stop tears off is behind all that was, and is no damage.
 *
 * @param at the end of the last record that is whole
 * @param promised so far the log held whole records at least
 */
public record LogDamage(LogEnd at, Position promised) {
    /** The first such place, if there is any. */
    public static Optional<LogDamage> find(Path store) throws IOException {
        StoreFiles files = new StoreFiles(store.toAbsolutePath());
        files.requireStore();
        FileLock lock = files.lock();
        try {
            return Recovery.damage(files.log(), Checkpoint.read(files.checkpoint()));
        } finally {
            lock.acquiredBy().close();
        }
    }
}
