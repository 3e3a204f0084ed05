package io.godwit.volume;

/** A run of bytes of a disk that are all of one kind. */
public record DiskExtent(long offset, long length, Content content) {
    /** What a run holds. */
    public enum Content {
        DATA,
        /** Zeroes whose space is reserved. */
        ZERO,
        /** Zeroes without space. */
        HOLE
    }
}
