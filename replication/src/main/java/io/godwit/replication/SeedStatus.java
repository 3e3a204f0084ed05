package io.godwit.replication;

import java.util.OptionalLong;

/**
 * The present copy of the disks, or the last one.
 *
 * @param byDifference whether the replica had something to compare with
 * @param doneBytes of the disks that were copied, or compared; zeroes are not counted
 * @param totalBytes how much there was to do when it began
 * @param sentBytes content that was sent, before compression
 * @param bytesPerSecond of the disks, lately
 * @param millisLeft at that speed; empty before it was measured
 * @param maxBytesPerSecond the limit on what is sent, if there is one
 */
public record SeedStatus(
        boolean byDifference,
        long doneBytes,
        long totalBytes,
        long sentBytes,
        long bytesPerSecond,
        OptionalLong millisLeft,
        OptionalLong maxBytesPerSecond,
        boolean paused) {}
