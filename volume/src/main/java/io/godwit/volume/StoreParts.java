package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.Overlay.Piece;
import io.godwit.volume.Progress.Checkpoint;
import io.godwit.volume.StoreFiles.Ownership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What a store is put together from, as found on disk. */
record StoreParts(
        GroupLog log,
        Ownership ownership,
        Progress progress,
        MarkIndex marks,
        List<DiskLayers> disks,
        EarlyRecords early) {
    /** Writes the files of a new store; the one that makes it a store comes last, so a crash leaves none. */
    static void create(StoreFiles files, List<DiskSpec> disks, Ownership ownership, LogEnd start, StoreLimits limits)
            throws IOException {
        requireRoomFor(files, disks);
        makeEmptyDirectory(files.log());
        Segment.create(
                        files.log(),
                        start.position().value(),
                        start.chain(),
                        limits.segment().bytes())
                .close();
        Progress.write(files.checkpoint(), start.position(), Map.of());
        files.writeOwnership(ownership);
        files.writeDisks(disks);
    }

    /** Makes the images that aren't there yet, and makes sure that the others can be a new store's. */
    static void makeImages(StoreFiles files, List<DiskSpec> disks) throws IOException {
        requireRoomFor(files, disks);
        for (DiskSpec disk : disks) {
            BaseImages.make(disk);
        }
    }

    private static void requireRoomFor(StoreFiles files, List<DiskSpec> disks) {
        checkDisks(disks);
        if (files.exists()) {
            throw new GodwitException(ErrorCode.CONFLICT, files.directory() + " holds a store already");
        }
    }

    private static void checkDisks(List<DiskSpec> disks) {
        if (disks.isEmpty() || disks.size() > GroupStore.MAX_DISKS) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "a group has 1 to %d disks".formatted(GroupStore.MAX_DISKS));
        }
        Set<Object> taken = new HashSet<>();
        for (DiskSpec disk : disks) {
            if (!taken.add(disk.name()) || !taken.add(disk.base())) {
                throw new GodwitException(
                        ErrorCode.BAD_INPUT, "the name or the image of disk %s is taken".formatted(disk.name()));
            }
        }
    }

    private static void makeEmptyDirectory(Path directory) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (Stream<Path> leftovers = Files.list(directory)) {
            for (Path leftover : leftovers.toList()) {
                Files.delete(leftover);
            }
        }
    }

    /** Opens what a disk's records are applied to. */
    interface Bases {
        BaseImage open(int disk, DiskSpec spec) throws IOException;
    }

    static StoreParts recover(StoreFiles files, StoreLimits limits, Bases bases) throws IOException {
        files.refuseFailed();
        List<DiskSpec> specs = files.readDisks();
        Ownership ownership = files.readOwnership();
        Checkpoint checkpoint = Checkpoint.read(files.checkpoint());
        List<DiskLayers> disks = new ArrayList<>();
        try {
            for (DiskSpec spec : specs) {
                disks.add(new DiskLayers(bases.open(disks.size(), spec), new Overlay()));
            }
            Replay replay = new Replay(specs, disks, ownership.term());
            GroupLog log = Recovery.run(files.log(), limits.segment().bytes(), checkpoint, replay::take);
            Progress progress = new Progress(files.checkpoint(), log, specs, checkpoint);
            progress.findTracker();
            List<TermStart> terms =
                    TermStart.until(ownership.terms(), log.head().plus(1));
            return new StoreParts(
                    log,
                    new Ownership(ownership.role(), replay.term, terms),
                    progress,
                    replay.marks,
                    disks,
                    EarlyRecords.open(files.early(), EarlySide.mostBytes(limits), earlyBase(ownership, log.head())));
        } catch (IOException | RuntimeException failed) {
            disks.forEach(disk -> disk.base().close());
            throw failed;
        }
    }

    /** What is here ahead of the log is ahead of a replica's head; if a promotion was stopped half-way, of where that began. */
    private static Position earlyBase(Ownership ownership, Position head) {
        return switch (ownership.role()) {
            case REPLICA -> head;
            case PRIMARY ->
                ownership.terms().isEmpty()
                        ? head
                        : ownership.terms().getLast().start().position();
        };
    }

    /** Gathers what the log says about the disks. */
    private static final class Replay {
        private final List<DiskSpec> specs;
        private final List<DiskLayers> disks;
        private final MarkIndex marks = new MarkIndex();
        private Term term;

        Replay(List<DiskSpec> specs, List<DiskLayers> disks, Term term) {
            this.specs = specs;
            this.disks = disks;
            this.term = term;
        }

        void take(LogRecord record) {
            record.checkFits(specs);
            marks.note(record, Position.START);
            if (record.counts()) {
                disks.get(record.disk()).overlay().put(Piece.of(record));
            }
            if (term.isOlderThan(record.term())) {
                term = record.term();
            }
        }
    }
}
