package io.godwit.lab.client;

import java.util.Arrays;

/** When each probe was sent, in milliseconds since 1970; grows with the probes, bounded as they are. */
final class SendTimes {
    private static final int FIRST_ROOM = 1 << 12;

    private long[] times = new long[FIRST_ROOM];
    private int count;

    /** Probe {@code number}, the next one, was sent. */
    synchronized void add(int number, long epochMillis) {
        if (number == times.length) {
            times = Arrays.copyOf(times, times.length * 2);
        }
        times[number] = epochMillis;
        count = number + 1;
    }

    synchronized long epochMillis(int number) {
        return times[number];
    }

    /** How many probes were sent before that moment. */
    synchronized int sentBefore(long epochMillis) {
        int place = Arrays.binarySearch(times, 0, count, epochMillis);
        return place >= 0 ? place : -place - 1;
    }
}
