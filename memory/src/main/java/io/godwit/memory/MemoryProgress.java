package io.godwit.memory;

/** Told about a round while it goes on, from the threads that scan: must be quick and safe to call from several. */
@FunctionalInterface
public interface MemoryProgress {
    /** A listener that doesn't listen. */
    MemoryProgress NONE = (round, scannedPages, totalPages, wireBytes) -> {};

    /**
     * Part of a round is done.
     *
     * @param round from 1; the first sends every page
     * @param scannedPages pages of this round that are done
     * @param totalPages pages of the RAM
     * @param wireBytes bytes written to the channel since the transfer began
     */
    void advanced(int round, long scannedPages, long totalPages, long wireBytes);
}
