package io.godwit.api;

import java.util.Optional;

/**
 * Where an export or an import of a group's disks stands.
 *
 * @param step {@code copying} or {@code verifying}
 * @param totalBytes of this step, as far as allocated space tells
 * @param bytesPerSecond on average in this step
 */
public record CopyProgress(
        String step, long doneBytes, long totalBytes, long bytesPerSecond, Optional<Long> millisLeft) {}
