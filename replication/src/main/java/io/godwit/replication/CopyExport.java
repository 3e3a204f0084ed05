package io.godwit.replication;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.volume.CopyDirectory;
import io.godwit.volume.CopyManifest;
import io.godwit.volume.CopyWatch;
import io.godwit.volume.CopyWatch.Step;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.GroupStore;
import io.godwit.volume.LogEnd;
import io.godwit.volume.LogHold;
import io.godwit.volume.LogReader;
import io.godwit.volume.LogRecord;
import io.godwit.volume.PatchStore;
import io.godwit.volume.Role;
import io.godwit.volume.StoreLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Copies a group's disks into a directory while machines write to them, as they were at one end of the log. It is what a replica
 * does (docs/replication-protocol.md, "Why the copy is right"), with a store that lasts as long as the copying: its log goes over
 * the files, and when it is applied up to where the last chunk was read they are the disks at that end.
 */
public final class CopyExport {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final int LOG_BUFFER_BYTES = 4 * LogRecord.MAX_BYTES;
    private static final StoreLimits LIMITS = new StoreLimits(
            ByteCount.ofMiB(1024),
            ByteCount.ofMiB(64),
            ByteCount.ofMiB(32),
            Duration.ofMillis(100),
            Duration.ofSeconds(20));

    private final GroupName group;
    private final GroupStore source;
    private final Path work;
    private final SeedPace pace = new SeedPace();
    private final CopyWatch watch;

    /**
     * @param work a directory that may be made and deleted, for the log of what is written meanwhile: up to a GiB
     * @param maxRate bytes a second at which disks are read
     */
    public CopyExport(GroupName group, GroupStore source, Path work, OptionalLong maxRate, CopyWatch watch) {
        this.group = group;
        this.source = source;
        this.work = work;
        this.watch = watch;
        pace.become(maxRate.orElse(SeedPace.UNLIMITED), false);
    }

    /**
     * Makes the copy. The directory is as it was if it can't be made.
     *
     * @throws GodwitException if the directory is unsuitable, guests write faster than it takes, or the watch ended it
     */
    public CopyManifest into(Path directory) throws IOException, InterruptedException {
        ByteCount content = new ByteCount(SeedSource.contentBytes(source));
        try (CopyDirectory taken = CopyDirectory.take(directory, source.disks(), content)) {
            watch.begin(Step.COPYING, content.bytes());
            LogEnd end = copy(taken.images());
            watch.begin(Step.VERIFYING, content.bytes());
            return taken.finish(group, source.term(), end, watch);
        } finally {
            PatchStore.delete(work);
        }
    }

    private LogEnd copy(List<DiskSpec> images) throws IOException, InterruptedException {
        PatchStore.delete(work);
        LogEnd start = source.end();
        source.awaitDurable(start.position());
        try (LogHold hold = source.log().hold(start.position());
                GroupStore copy =
                        GroupStore.create(work, images, Role.REPLICA, source.term(), start, source.terms(), LIMITS)) {
            Tail tail = new Tail(source.log().read(start.position()), hold, copy);
            SeedSource disks = new SeedSource(source, SeedCursor.START);
            for (Optional<SeedSource.Piece> piece = disks.next(); piece.isPresent(); piece = disks.next()) {
                write(piece.get(), copy, tail);
            }
            Position last = source.head();
            source.awaitDurable(last);
            tail.follow();
            LogEnd end = copy.end();
            apply(copy, end.position());
            return end;
        }
    }

    private void write(SeedSource.Piece piece, GroupStore copy, Tail tail) throws IOException, InterruptedException {
        int bytes = piece.bytes().remaining();
        DiskSpec disk = copy.disks().get(piece.disk());
        new SparseWrite(copy, disk.name()).write(piece.offset(), piece.bytes());
        watch.done(bytes);
        pace.sent(bytes, System.nanoTime());
        tail.follow();
        while (!pace.open(System.nanoTime())) {
            Thread.sleep(POLL);
            watch.done(0);
            tail.follow();
        }
    }

    /** A full disk under the files is an end, not something to wait for. */
    private void apply(GroupStore copy, Position end) throws IOException, InterruptedException {
        copy.syncBase();
        while (!copy.applied().reaches(end)) {
            if (copy.status().imagesFull()) {
                throw new GodwitException(ErrorCode.NO_SPACE, "the disk that takes the copy is full");
            }
            watch.done(0);
            Thread.sleep(POLL);
        }
    }

    /** The log that guests write meanwhile, on its way to the copy. */
    private static final class Tail {
        private final LogReader log;
        private final LogHold hold;
        private final GroupStore copy;
        private final ByteBuffer records = ByteBuffer.allocateDirect(LOG_BUFFER_BYTES);

        Tail(LogReader log, LogHold hold, GroupStore copy) {
            this.log = log;
            this.hold = hold;
            this.copy = copy;
        }

        /** Brings the copy's log up to what is durable at the source. */
        void follow() throws IOException {
            try {
                while (log.read(records.clear()) > 0) {
                    copy.append(records.flip());
                    hold.advance(log.position());
                }
            } catch (GodwitException failed) {
                throw failed.code() == ErrorCode.NOT_FOUND || failed.code() == ErrorCode.NO_SPACE
                        ? new GodwitException(
                                ErrorCode.NO_SPACE,
                                "the machines write faster than the copy can take it (%s): export at a quieter time, or to a faster disk"
                                        .formatted(failed.sentence()),
                                failed)
                        : failed;
            }
        }
    }
}
