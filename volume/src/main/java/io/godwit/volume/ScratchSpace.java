package io.godwit.volume;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The room in which what is written over points may be kept: so many bytes, and never the last of the file system, which
 * the groups' logs need. Thread-safe.
 */
public final class ScratchSpace {
    /** How much is taken between two looks at the file system. */
    private static final long LOOK_BYTES = 1 << 20;

    private final Path directory;
    private final ByteCount most;
    private final ByteCount leave;
    private long taken;
    private long looked = -LOOK_BYTES;

    /** @param leave what must stay free in the directory's file system */
    public ScratchSpace(Path directory, ByteCount most, ByteCount leave) {
        this.directory = directory;
        this.most = most;
        this.leave = leave;
    }

    Path directory() {
        return directory;
    }

    public synchronized ByteCount taken() {
        return new ByteCount(taken);
    }

    /** @throws GodwitException NO_SPACE if there isn't so much */
    synchronized void take(long bytes) throws IOException {
        if (taken + bytes > most.bytes()) {
            throw new GodwitException(
                    ErrorCode.NO_SPACE, "what is written over points may take %s, and does".formatted(most));
        }
        if (taken + bytes - looked >= LOOK_BYTES) {
            requireFree(bytes);
            looked = taken;
        }
        taken += bytes;
    }

    private void requireFree(long bytes) throws IOException {
        long free = Files.getFileStore(directory).getUsableSpace();
        if (free - bytes < leave.bytes()) {
            throw new GodwitException(
                    ErrorCode.NO_SPACE,
                    "%s has only %s left, which the groups' logs need".formatted(directory, new ByteCount(free)));
        }
    }

    synchronized void giveBack(long bytes) {
        taken -= bytes;
        looked = Math.min(looked, taken);
    }
}
