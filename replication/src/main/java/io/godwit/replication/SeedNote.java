package io.godwit.replication;

import io.godwit.core.DurableFile;
import io.godwit.core.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A replica's persistent word that it is not complete: as long as this file stands beside the store, the store must not
 * be promoted. It says how far seeding has come on stable storage.
 */
record SeedNote(DurableFile file) {
    private static final String SUFFIX = ".seeding";

    /**
     * What the file says.
     *
     * @param begun whether there is a store whose seeding can be gone on with; otherwise what is there is worthless
     */
    record Content(boolean begun, int disk, long offset, long contentBytes) {
        SeedCursor cursor() {
            return new SeedCursor(disk, offset, contentBytes);
        }
    }

    static SeedNote beside(Path store) {
        return new SeedNote(new DurableFile(store.resolveSibling(store.getFileName() + SUFFIX)));
    }

    /** Empty if the replica is complete, or was never begun. */
    Optional<Content> read() throws IOException {
        return file.read()
                .map(bytes -> Json.read(bytes, Content.class, file.path().toString()));
    }

    void worthless() throws IOException {
        write(new Content(false, 0, 0, 0));
    }

    void reached(SeedCursor cursor) throws IOException {
        write(new Content(true, cursor.disk(), cursor.offset(), cursor.contentBytes()));
    }

    void complete() throws IOException {
        file.delete();
    }

    private void write(Content content) throws IOException {
        file.write(Json.pretty(content).getBytes(StandardCharsets.UTF_8));
    }
}
