package io.godwit.replication;

import io.godwit.core.DurableFile;
import io.godwit.core.Position;
import io.godwit.core.json.Json;
import io.godwit.volume.LogEnd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A replica's persistent word on what is going on with its disks. As long as this file stands beside the store the store
 * is only complete if the file says REPAIRING.
 */
record SeedNote(DurableFile file) {
    private static final String SUFFIX = ".seeding";

    /** What is being done. */
    enum Phase {
        /** What is there has no history. */
        WORTHLESS,
        /** The disks are being copied, or brought to the same, in place. */
        COPYING,
        /** The store is complete; one that is to take its place grows beside it. */
        REPAIRING,
        /** That one is complete: its patch is being written into the images. */
        MERGING,
        /** The images are done, the store is being replaced. */
        MERGED
    }

    /** An end of a log. */
    record End(long position, int chain) {
        static End of(LogEnd end) {
            return new End(end.position().value(), end.chain());
        }

        LogEnd end() {
            return new LogEnd(new Position(position), chain);
        }
    }

    /**
     * What the file says.
     *
     * @param disk with offset and contentBytes the cursor
     * @param base where the store ended when another one was begun beside it
     * @param parted where the store's history parts from the group's, if it does
     */
    record Content(
            Phase phase,
            Scope scope,
            int disk,
            long offset,
            long contentBytes,
            Optional<End> base,
            Optional<End> parted) {

        static Content of(Phase phase) {
            return new Content(phase, Scope.ALL, 0, 0, 0, Optional.empty(), Optional.empty());
        }

        static Content copying(Scope scope) {
            return new Content(Phase.COPYING, scope, 0, 0, 0, Optional.empty(), Optional.empty());
        }

        static Content repairing(Scope scope, LogEnd base, Optional<LogEnd> parted) {
            return new Content(Phase.REPAIRING, scope, 0, 0, 0, Optional.of(End.of(base)), parted.map(End::of));
        }

        Content reached(SeedCursor cursor) {
            return new Content(phase, scope, cursor.disk(), cursor.offset(), cursor.contentBytes(), base, parted);
        }

        SeedCursor cursor() {
            return new SeedCursor(disk, offset, contentBytes);
        }
    }

    static SeedNote beside(Path store) {
        return new SeedNote(new DurableFile(store.resolveSibling(store.getFileName() + SUFFIX)));
    }

    /** Empty if the replica is complete and nothing is going on, or was never begun. */
    Optional<Content> read() throws IOException {
        return file.read()
                .map(bytes -> Json.read(bytes, Content.class, file.path().toString()));
    }

    void write(Content content) throws IOException {
        file.write(Json.pretty(content).getBytes(StandardCharsets.UTF_8));
    }

    void complete() throws IOException {
        file.delete();
    }
}
