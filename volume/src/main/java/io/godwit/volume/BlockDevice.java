package io.godwit.volume;

import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Bytes that can be read and, by some, changed: what an NBD export offers. Used by many threads; ranges have been
 * checked against {@link #size} by the caller or are refused with BAD_INPUT. A device that nobody may change is exported
 * read-only, and its changing methods are never called.
 */
public interface BlockDevice {
    ByteCount size();

    /** Fills {@code into} with the bytes from {@code offset} on. */
    void read(long offset, ByteBuffer into) throws IOException;

    /** Writes all of {@code from} at {@code offset}; returns the position that a flush has to make safe. */
    Position write(long offset, ByteBuffer from) throws IOException;

    /** Makes a range read as zeroes and keeps its space reserved. Otherwise like {@link #write}. */
    Position zero(long offset, long length) throws IOException;

    /** Makes a range read as zeroes and gives its space back. Otherwise like {@link #write}. */
    Position trim(long offset, long length) throws IOException;

    /** What the bytes of a range are, run by run from its beginning on, at most {@code limit} runs, so perhaps not up to its end. */
    List<DiskExtent> extents(long offset, long length, int limit) throws IOException;

    /** Asks the system to have a range at hand soon. */
    void prefetch(long offset, long length) throws IOException;

    /** Everything written so far lies before this position. */
    Position head();
}
