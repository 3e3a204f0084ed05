package io.godwit.replication;

/**
 * How far seeding has come: everything before {@code offset} of disk number {@code disk}, and all disks before it.
 *
 * @param contentBytes bytes of content that were copied on the way
 */
record SeedCursor(int disk, long offset, long contentBytes) {
    static final SeedCursor START = new SeedCursor(0, 0, 0);

    SeedCursor {
        if (disk < 0 || offset < 0 || contentBytes < 0) {
            throw new IllegalArgumentException("a cursor cannot be negative");
        }
    }
}
