package io.godwit.volume;

import io.godwit.volume.DiskExtent.Content;
import io.godwit.volume.LogRecord.Kind;
import io.godwit.volume.Overlay.Piece;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The runs of a range of a disk, gathered from its beginning on, neighbours of one kind joined, at most so many. */
final class ExtentRuns {
    private final List<DiskExtent> runs = new ArrayList<>();
    private final int limit;
    private long end;

    ExtentRuns(long begin, int limit) {
        this.end = begin;
        this.limit = limit;
    }

    /** What a disk's layers hold in a range, perhaps not up to its end. */
    static List<DiskExtent> of(DiskLayers disk, long offset, long length, int limit) throws IOException {
        ExtentRuns runs = new ExtentRuns(offset, limit);
        for (Piece piece : disk.overlay().within(offset, offset + length)) {
            runs.addImage(disk.base(), piece.offset());
            if (!runs.add(new DiskExtent(piece.offset(), piece.length(), content(piece.kind())))) {
                return runs.runs;
            }
        }
        runs.addImage(disk.base(), offset + length);
        return runs.runs;
    }

    /** Goes on up to {@code to} with what an image holds there. */
    void addImage(BaseImage image, long to) throws IOException {
        while (end < to && add(image.extentAt(end, to))) {}
    }

    /** Adds a run; false if it doesn't begin where the last one ended, or there is no room for it. */
    boolean add(DiskExtent run) {
        if (run.offset() != end) {
            return false;
        }
        if (!runs.isEmpty() && runs.getLast().content() == run.content()) {
            DiskExtent last = runs.removeLast();
            runs.add(new DiskExtent(last.offset(), last.length() + run.length(), run.content()));
        } else if (runs.size() < limit) {
            runs.add(run);
        } else {
            return false;
        }
        end += run.length();
        return true;
    }

    /** How far they reach. */
    long end() {
        return end;
    }

    List<DiskExtent> list() {
        return runs;
    }

    private static Content content(Kind kind) {
        return switch (kind) {
            case WRITE -> Content.DATA;
            case ZERO -> Content.ZERO;
            case TRIM -> Content.HOLE;
            case MARK, TERM -> throw new IllegalStateException("no disk's bytes are in a " + kind);
        };
    }
}
