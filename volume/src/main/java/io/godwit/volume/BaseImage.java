package io.godwit.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a disk's records are applied to. Ranges lie within the disk; whoever calls has checked that. One that is on a
 * server may report it away; then whoever changes it repeats everything since the last sync.
 */
interface BaseImage extends AutoCloseable {
    DiskSpec spec();

    /** Fills {@code into} with the bytes from {@code offset} on. */
    void read(long offset, ByteBuffer into) throws IOException;

    /** Asks the system to have a range at hand soon. */
    void prefetch(long offset, long length) throws IOException;

    /** Writes all of {@code from}; not durable before {@link #sync}. */
    void write(long offset, ByteBuffer from) throws IOException;

    /** Makes a range read as zeroes and keeps its space, where that can be. */
    void zero(long offset, long length) throws IOException;

    /** Makes a range read as zeroes and gives its space back, where that can be. */
    void discard(long offset, long length) throws IOException;

    /** Returns when everything that was changed before, by the same thread, is on stable storage. */
    void sync() throws IOException;

    /** The run of one kind that begins at {@code offset}, cut at {@code to}. */
    DiskExtent extentAt(long offset, long to) throws IOException;

    /** Why it can't be used now, if it is on a server that is away. Reads wait until it is back. */
    default Optional<String> trouble() {
        return Optional.empty();
    }

    /** Whether those who need a server that is away wait for it. Where they don't, what they ask for fails. */
    default void waitForServer(boolean wait) {}

    @Override
    void close();
}
