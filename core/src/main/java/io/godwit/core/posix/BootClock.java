package io.godwit.core.posix;

import java.lang.foreign.MemorySegment;

/**
 * The time since the host was started, the time for which it was suspended included: {@code CLOCK_BOOTTIME} of clock_gettime(2). Nobody
 * sets it. {@link System#nanoTime} stands still while the host is suspended: a lease that is judged by it may be long over.
 */
public final class BootClock {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private BootClock() {}

    /** Nanoseconds; grows. The same for all processes of the host, and comparable between them. */
    public static long nanos() {
        long[] now = new long[2];
        try {
            int result = (int) Libc.CLOCK_GETTIME.invokeExact(Libc.CLOCK_BOOTTIME, MemorySegment.ofArray(now));
            if (result != 0) {
                throw new LinkageError("clock_gettime(CLOCK_BOOTTIME) failed");
            }
        } catch (Throwable broken) {
            throw new LinkageError("clock_gettime", broken);
        }
        return now[0] * NANOS_PER_SECOND + now[1];
    }
}
