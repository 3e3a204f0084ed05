package io.godwit.replication.verify;

import io.godwit.volume.DiskRange;
import java.util.ArrayList;
import java.util.List;

/** Where two sides differ, gathered in order: neighbours joined, and so many remembered at most. For one thread. */
final class Differences {
    static final int MOST_RANGES = 10_000;

    private final List<DiskRange> ranges = new ArrayList<>();
    private long bytes;
    private boolean more;

    void add(DiskRange found) {
        bytes += found.length();
        DiskRange last = ranges.isEmpty() ? null : ranges.getLast();
        if (last != null && !more && last.disk().equals(found.disk()) && last.end() == found.offset()) {
            ranges.removeLast();
            ranges.add(new DiskRange(last.disk(), last.offset(), last.length() + found.length()));
        } else if (ranges.size() < MOST_RANGES) {
            ranges.add(found);
        } else {
            more = true;
        }
    }

    List<DiskRange> ranges() {
        return List.copyOf(ranges);
    }

    long bytes() {
        return bytes;
    }

    /** Whether there were more than are remembered. */
    boolean more() {
        return more;
    }
}
