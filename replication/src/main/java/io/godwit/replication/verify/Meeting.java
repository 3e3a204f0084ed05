package io.godwit.replication.verify;

import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.volume.DigestTree;
import io.godwit.volume.GroupStore;
import io.godwit.volume.PointDisk;
import io.godwit.volume.PointView;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A point of this site's store at the position where both sides have met, and the digests of its disks. For one thread.
 *
 * <p>Neither side can be told to keep a position that lies in its past: its images may be beyond. So each first keeps
 * what it has now, and of the two positions the later one is then within reach of both.
 */
final class Meeting implements AutoCloseable {
    /** An answer doesn't take longer, unless one node does. */
    private static final Duration ROUND = Duration.ofSeconds(1);

    private static final int ATTEMPTS = 1_000;

    private final PointView point;
    private final DigestTree.Pace pace;

    private Meeting(PointView point, DigestTree.Pace pace) {
        this.point = point;
        this.pace = pace;
    }

    static Meeting at(PointView point, DigestTree.Pace pace) {
        return new Meeting(point, pace);
    }

    /** The newest point that there is; while it is opened the images may pass it, then the next one is. */
    static PointView newest(GroupStore store) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return store.history().open(store.durable());
            } catch (GodwitException passed) {
                if (passed.code() != ErrorCode.NOT_FOUND || attempt == ATTEMPTS) {
                    throw passed;
                }
            }
        }
    }

    PointView point() {
        return point;
    }

    /**
     * The digests of nodes from {@code first} on: as many as can be computed in a short while, at least one, at most that many.
     *
     * @throws PointEndedException if the point could not be kept
     * @throws GodwitException BAD_INPUT if the disk has no such nodes
     */
    List<byte[]> digests(DiskName disk, int level, long first, int count)
            throws IOException, InterruptedException, PointEndedException {
        PointDisk device = point.disks().stream()
                .filter(candidate -> candidate.name().equals(disk))
                .findFirst()
                .orElseThrow(() -> new GodwitException(ErrorCode.NOT_FOUND, "the group has no disk " + disk));
        if (first > DigestTree.nodes(device.size().bytes(), level) - count) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "disk %s has no %d parts from part %d on".formatted(disk, count, first));
        }
        try {
            DigestTree tree = new DigestTree(device, pace);
            List<byte[]> digests = new ArrayList<>();
            long end = System.nanoTime() + ROUND.toNanos();
            while (digests.size() < count && (digests.isEmpty() || System.nanoTime() < end)) {
                digests.add(tree.digest(level, first + digests.size()));
            }
            return digests;
        } catch (GodwitException refused) {
            if (point.isOpen()) {
                throw refused;
            }
            throw new PointEndedException(refused);
        }
    }

    @Override
    public void close() {
        point.close();
    }
}
