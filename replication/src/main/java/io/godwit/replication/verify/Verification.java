package io.godwit.replication.verify;

import io.godwit.core.Channel;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.replication.verify.DiskComparison.Round;
import io.godwit.volume.DigestTree;
import io.godwit.volume.Disk;
import io.godwit.volume.DiskRange;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.DurabilityRule;
import io.godwit.volume.GroupStore;
import io.godwit.volume.LogRecord;
import io.godwit.volume.PointView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The source's side of a comparison of all disks with the replica's, while guests write and replication goes on. Both
 * sides keep a point; when one must be given up, what is left is compared at a newer one. For one thread.
 */
public final class Verification implements AutoCloseable {
    /** Points that end before anything could be compared at them, so often in a row, end the comparison. */
    private static final int MOST_VAIN_MEETINGS = 5;

    private final GroupStore store;
    private final VerifyCall replica;
    private final long bytesPerSecond;
    private final Optional<DurabilityRule> repair;
    private final Consumer<VerifyProgress> listener;
    private final RateLimit pace;
    private final Differences found = new Differences();
    private final long totalBytes;
    private long doneBytes;
    private @Nullable Meeting meeting;
    private Position first = Position.START;
    private Position last = Position.START;

    /**
     * @param repair the rule by which the source's own writers are held back, if what differs is to be written again
     * @param listener is told about once a second how far it is; what it throws ends the comparison
     */
    public Verification(
            GroupStore store,
            Channel channel,
            long bytesPerSecond,
            Optional<DurabilityRule> repair,
            Consumer<VerifyProgress> listener) {
        this.store = store;
        this.replica = new VerifyCall(channel);
        this.bytesPerSecond = bytesPerSecond;
        this.repair = repair;
        this.listener = listener;
        this.pace = new RateLimit(bytesPerSecond);
        this.totalBytes =
                store.disks().stream().mapToLong(disk -> disk.size().bytes()).sum();
    }

    /**
     * Compares everything, and repairs what differs if it is to.
     *
     * @throws GodwitException UNREACHABLE when the replica is lost on the way, CONFLICT if no point can be kept long enough
     */
    public VerifyResult run() throws IOException, InterruptedException {
        for (DiskSpec disk : store.disks()) {
            compare(disk);
        }
        Optional<List<DiskRange>> remaining = repair.isPresent() ? Optional.of(stillDiffering()) : Optional.empty();
        return new VerifyResult(
                first, last, totalBytes, pace.bytes(), found.ranges(), found.bytes(), found.more(), remaining);
    }

    /** Something done where both sides have met, and once more where they meet again if the point had to be given up. */
    private interface Step<T> {
        T run(Meeting here) throws IOException, InterruptedException, PointEndedException;
    }

    private <T> T whereBothMeet(Step<T> step) throws IOException, InterruptedException {
        for (int vain = 0; ; vain++) {
            try {
                return step.run(meet());
            } catch (PointEndedException ended) {
                close();
                if (vain == MOST_VAIN_MEETINGS) {
                    throw new GodwitException(
                            ErrorCode.CONFLICT,
                            "the two sites could not be kept at one position for long enough: " + ended.why());
                }
            }
        }
    }

    private Meeting meet() throws IOException, PointEndedException {
        Meeting known = meeting;
        if (known != null) {
            return known;
        }
        PointView point = pointWithReplica();
        first = first.equals(Position.START) ? point.position() : first;
        last = point.position();
        Meeting fresh = Meeting.at(point, pace);
        meeting = fresh;
        return fresh;
    }

    /** This site's point at the position where the replica keeps one. */
    private PointView pointWithReplica() throws IOException, PointEndedException {
        PointView newest = Meeting.newest(store);
        boolean met = false;
        try {
            Position theirs = replica.meet(newest.position(), bytesPerSecond);
            met = theirs.equals(newest.position());
            return met ? newest : store.history().open(theirs);
        } finally {
            if (!met) {
                newest.close();
            }
        }
    }

    private void compare(DiskSpec disk) throws IOException, InterruptedException {
        long nodes = DigestTree.nodes(disk.size().bytes(), DigestTree.TOP_LEVEL);
        int most = 1;
        for (long next = 0; next < nodes; ) {
            tell();
            long begin = next;
            int wished = (int) Math.min(most, nodes - next);
            Compared compared = whereBothMeet(here -> compareSome(disk, here, begin, wished));
            compared.leaves().forEach(found::add);
            repairAll(compared.leaves());
            next += compared.nodes();
            long bytes = DigestTree.nodeBytes(DigestTree.TOP_LEVEL);
            doneBytes += Math.min(next * bytes, disk.size().bytes()) - begin * bytes;
            most = compared.nodes() < wished ? compared.nodes() : Math.min(2 * most, Question.MOST_DIGESTS);
        }
    }

    private record Compared(int nodes, List<DiskRange> leaves) {}

    private Compared compareSome(DiskSpec disk, Meeting here, long begin, int most)
            throws IOException, InterruptedException, PointEndedException {
        DiskComparison comparison = new DiskComparison(disk, here, replica);
        Round round = comparison.round(DigestTree.TOP_LEVEL, begin, most);
        List<DiskRange> leaves = new ArrayList<>();
        for (long node : round.differing()) {
            leaves.addAll(comparison.differingLeaves(DigestTree.TOP_LEVEL, node));
        }
        return new Compared(round.nodes(), leaves);
    }

    private void tell() {
        listener.accept(new VerifyProgress(doneBytes, totalBytes, pace.bytes(), found.bytes(), last));
    }

    /** Logs once more what the source holds there, for all who follow the log. */
    private void repairAll(List<DiskRange> leaves) throws IOException, InterruptedException {
        if (repair.isEmpty()) {
            return;
        }
        for (DiskRange leaf : leaves) {
            Disk disk = store.disk(leaf.disk());
            repair.get().admit(LogRecord.HEADER_BYTES + leaf.length());
            disk.repeat(leaf.offset(), (int) leaf.length());
        }
    }

    /** Compares what was repaired once more, where the replica has it. */
    private List<DiskRange> stillDiffering() throws IOException, InterruptedException {
        if (found.ranges().isEmpty()) {
            return List.of();
        }
        close();
        store.awaitDurable(store.head());
        Differences remaining = new Differences();
        for (DiskRange range : found.ranges()) {
            DiskSpec disk = store.disks().stream()
                    .filter(spec -> spec.name().equals(range.disk()))
                    .findFirst()
                    .orElseThrow();
            whereBothMeet(here -> {
                        DiskComparison comparison = new DiskComparison(disk, here, replica);
                        List<DiskRange> leaves = new ArrayList<>();
                        long begin = range.offset() / DigestTree.LEAF_BYTES;
                        long end = begin + DigestTree.nodes(range.length(), 0);
                        for (long leaf : comparison.differing(0, begin, end)) {
                            leaves.addAll(comparison.differingLeaves(0, leaf));
                        }
                        return leaves;
                    })
                    .forEach(remaining::add);
            tell();
        }
        return remaining.ranges();
    }

    /** Gives the point up. */
    @Override
    public void close() {
        Meeting open = meeting;
        meeting = null;
        if (open != null) {
            open.close();
        }
    }
}
