package io.godwit.api;

import io.godwit.core.ByteCount;
import io.godwit.core.VmName;
import java.time.Instant;

/**
 * The essential state of a machine that was just looked at.
 *
 * @param changed whether it is another than what was kept; otherwise nothing was written
 * @param time when the machine printed it, by the owner's clock
 */
public record EssentialReport(VmName machine, ByteCount size, boolean changed, Instant time) {}
