package io.godwit.volume;

import java.io.IOException;
import java.nio.ByteBuffer;

/** What a disk's records are applied to. Ranges lie within the disk; whoever calls has checked that. */
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

    /** Returns when everything that was changed before is on stable storage. */
    void sync() throws IOException;

    /** The run of one kind that begins at {@code offset}, cut at {@code to}. */
    DiskExtent extentAt(long offset, long to) throws IOException;

    @Override
    void close();
}
