package io.godwit.replication.verify;

import io.godwit.core.Position;

/**
 * How far a comparison is.
 *
 * @param doneBytes of all disks, holes included
 * @param readBytes that had to be read for it here
 * @param differingBytes found so far, in whole leaves
 * @param at where both sides are being compared now
 */
public record VerifyProgress(long doneBytes, long totalBytes, long readBytes, long differingBytes, Position at) {}
