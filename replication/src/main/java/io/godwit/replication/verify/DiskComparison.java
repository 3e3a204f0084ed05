package io.godwit.replication.verify;

import io.godwit.core.DiskName;
import io.godwit.core.GodwitException;
import io.godwit.volume.DigestTree;
import io.godwit.volume.DiskRange;
import io.godwit.volume.DiskSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Compares one disk at the position where both sides have met: from the top of the digest tree down to where it differs. */
final class DiskComparison {
    private final DiskName disk;
    private final long size;
    private final Meeting ours;
    private final VerifyCall theirs;

    DiskComparison(DiskSpec disk, Meeting ours, VerifyCall theirs) {
        this.disk = disk.name();
        this.size = disk.size().bytes();
        this.ours = ours;
        this.theirs = theirs;
    }

    /**
     * What was compared of the nodes that were asked for.
     *
     * @param nodes how many, at least one
     * @param differing which of them, by their index, differ
     */
    record Round(int nodes, List<Long> differing) {}

    /** Compares nodes from {@code first} on, at most {@code most}, both sides at the same time. */
    Round round(int level, long first, int most) throws IOException, InterruptedException, PointEndedException {
        FutureTask<List<byte[]>> asked = new FutureTask<>(() -> theirs.digests(disk, level, first, most));
        Thread.ofVirtual().name("verify-ask").start(asked);
        List<byte[]> here;
        try {
            here = ours.digests(disk, level, first, most);
        } finally {
            // Whatever became of ours: the next question comes after the answer to this one.
            awaitEnd(asked);
        }
        List<byte[]> there = answer(asked);
        int nodes = Math.min(here.size(), there.size());
        List<Long> differing = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            if (!Arrays.equals(here.get(i), there.get(i))) {
                differing.add(first + i);
            }
        }
        return new Round(nodes, differing);
    }

    private static void awaitEnd(FutureTask<?> asked) throws InterruptedException {
        try {
            asked.get();
        } catch (ExecutionException failed) {
            // For answer() to report, if ours did not fail first.
        }
    }

    private static List<byte[]> answer(FutureTask<List<byte[]>> asked)
            throws InterruptedException, PointEndedException {
        try {
            return asked.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case PointEndedException ended -> throw ended;
                case GodwitException refused -> throw refused;
                case null, default -> throw new IllegalStateException(failed);
            }
        }
    }

    /** The leaves below a node that differs which differ themselves. */
    List<DiskRange> differingLeaves(int level, long index)
            throws IOException, InterruptedException, PointEndedException {
        if (level == 0) {
            long begin = index * DigestTree.LEAF_BYTES;
            return List.of(new DiskRange(disk, begin, Math.min(DigestTree.LEAF_BYTES, size - begin)));
        }
        long first = index * DigestTree.FAN_OUT;
        long end = Math.min(first + DigestTree.FAN_OUT, DigestTree.nodes(size, level - 1));
        List<DiskRange> leaves = new ArrayList<>();
        for (long child : differing(level - 1, first, end)) {
            leaves.addAll(differingLeaves(level - 1, child));
        }
        return leaves;
    }

    /** Which of the nodes from {@code first} up to {@code end} differ. */
    List<Long> differing(int level, long first, long end)
            throws IOException, InterruptedException, PointEndedException {
        List<Long> differing = new ArrayList<>();
        for (long next = first; next < end; ) {
            Round round = round(level, next, (int) Math.min(end - next, Question.MOST_DIGESTS));
            differing.addAll(round.differing());
            next += round.nodes();
        }
        return differing;
    }
}
