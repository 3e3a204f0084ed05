package io.godwit.lab.client;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Counts probes, numbered from 0: which came back, which came twice, which came after a later one. */
final class ProbeTally {
    /** A day of 200 a second, and the bound of what this remembers (2 MiB). */
    static final int MAX_PROBES = 1 << 24;

    private final BitSet returned = new BitSet();
    private int sent;
    private int highest = -1;
    private long duplicated;
    private long reordered;

    /** A probe is about to be sent: its number. */
    synchronized int send() {
        if (sent == MAX_PROBES) {
            throw new IllegalStateException("more probes than " + MAX_PROBES + " in one run");
        }
        return sent++;
    }

    /** A probe came back; false when no such probe was sent. */
    synchronized boolean arrive(int number) {
        if (number < 0 || number >= sent) {
            return false;
        }
        if (returned.get(number)) {
            duplicated++;
        } else if (number < highest) {
            reordered++;
        }
        returned.set(number);
        highest = Math.max(highest, number);
        return true;
    }

    synchronized int sent() {
        return sent;
    }

    synchronized int returned() {
        return returned.cardinality();
    }

    /** How many of the first {@code count} probes have not come back. */
    synchronized int missing(int count) {
        return count - returned.get(0, count).cardinality();
    }

    /** The numbers of the first probes that have not come back, at most {@code limit} of them. */
    synchronized List<Integer> missingNumbers(int limit) {
        List<Integer> numbers = new ArrayList<>();
        for (int next = returned.nextClearBit(0);
                next < sent && numbers.size() < limit;
                next = returned.nextClearBit(next + 1)) {
            numbers.add(next);
        }
        return numbers;
    }

    synchronized long duplicated() {
        return duplicated;
    }

    synchronized long reordered() {
        return reordered;
    }
}
