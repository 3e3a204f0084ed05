package io.godwit.bench.replication;

import java.io.IOException;

/** A disk with a copy of it at the other end of a link: somebody's whole way of doing that. */
interface ReplicatedDisk extends AutoCloseable {
    /** The name in the report. */
    String name();

    /** Where fio finds the disk. */
    String uri();

    /** Bytes that have crossed the link so far, in both directions. */
    long carried();

    /** Waits until the copy has everything. */
    void settle() throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
}
