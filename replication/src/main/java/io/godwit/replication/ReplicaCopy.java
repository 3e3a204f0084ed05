package io.godwit.replication;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.core.posix.ErrnoException;
import io.godwit.replication.ReplicaMessage.Holding;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.GroupStore;
import io.godwit.volume.HistoryWindow;
import io.godwit.volume.LogEnd;
import io.godwit.volume.Role;
import io.godwit.volume.StoreLimits;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a replica keeps: the store and, while it is not complete, the note of how far seeding has come. Changed by the
 * session's thread alone; others look. A failure of the storage is a {@link GodwitException}, so that it is never taken
 * for one of the channel.
 */
final class ReplicaCopy {
    private final Path directory;
    private final List<DiskSpec> disks;
    private final StoreLimits limits;
    private final SeedNote note;
    private volatile @Nullable GroupStore store;
    private volatile boolean complete;
    private volatile SeedCursor cursor = SeedCursor.START;
    private HistoryWindow history;

    private ReplicaCopy(Path directory, List<DiskSpec> disks, StoreLimits limits, HistoryWindow history) {
        this.directory = directory.toAbsolutePath();
        this.disks = List.copyOf(disks);
        this.limits = limits;
        this.history = history;
        this.note = SeedNote.beside(this.directory);
    }

    /** Opens what is in the directory, if anything. */
    static ReplicaCopy open(Path directory, List<DiskSpec> disks, StoreLimits limits, HistoryWindow history) {
        ReplicaCopy copy = new ReplicaCopy(directory, disks, limits, history);
        copy.storing(copy::openStore);
        return copy;
    }

    /** Takes over a store that is open and complete: that of a site which was the primary until now. */
    static ReplicaCopy of(GroupStore store, StoreLimits limits, HistoryWindow history) {
        ReplicaCopy copy = new ReplicaCopy(store.directory(), store.disks(), limits, history);
        copy.store = store;
        copy.complete = true;
        return copy;
    }

    Optional<GroupStore> store() {
        return Optional.ofNullable(store);
    }

    GroupStore requireStore() {
        return store().orElseThrow(() -> Wire.corrupt("something for a replica that has not been begun"));
    }

    boolean complete() {
        return complete;
    }

    private void openStore() throws IOException {
        Optional<SeedNote.Content> seeding = note.read();
        boolean worthless = seeding.isPresent() && !seeding.get().begun();
        if (worthless || !Files.isDirectory(directory)) {
            return;
        }
        try {
            store = GroupStore.open(directory, limits, seeding.isEmpty() ? history : HistoryWindow.NONE);
            complete = seeding.isEmpty();
            cursor = seeding.map(SeedNote.Content::cursor).orElse(SeedCursor.START);
        } catch (GodwitException unusable) {
            switch (unusable.code()) {
                case NOT_FOUND, CORRUPT -> log(unusable);
                case BAD_INPUT, CONFLICT, FENCED, DENIED, UNREACHABLE, NO_SPACE, UNSUPPORTED, FAILED -> throw unusable;
            }
        }
    }

    private static void log(GodwitException unusable) {
        System.getLogger(ReplicaCopy.class.getName())
                .log(Level.WARNING, "there is no replica to go on with: {0}", unusable.sentence());
    }

    /**
     * Decides whether that source may ship here.
     *
     * @throws GodwitException FENCED if its term is old, CONFLICT if this site is the primary or expects other disks
     */
    void admit(Term term, List<DiskShape> shapes) {
        if (!shapes.equals(DiskShape.of(disks))) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "the source has disks %s, this site expects %s".formatted(shapes, DiskShape.of(disks)));
        }
        GroupStore known = store;
        if (known == null) {
            return;
        }
        if (term.isOlderThan(known.term())) {
            throw new GodwitException(
                    ErrorCode.FENCED,
                    "term %s is over: term %s has begun, and who holds it may write".formatted(term, known.term()));
        }
        if (known.role() == Role.PRIMARY) {
            step(known, term);
        }
    }

    private void step(GroupStore known, Term term) {
        if (!known.term().isOlderThan(term)) {
            throw new GodwitException(
                    ErrorCode.CONFLICT, "this site is the group's primary itself, under term " + known.term());
        }
        storing(known::fence);
    }

    /** What there is to go on with, all of it durable. */
    Holding holding() throws InterruptedException {
        GroupStore known = store;
        if (known == null) {
            return new Holding.Nothing();
        }
        LogEnd end = known.end();
        known.awaitDurable(end.position());
        return complete
                ? new Holding.Complete(DiskShape.of(known), known.term(), end)
                : new Holding.Part(DiskShape.of(known), known.term(), end, cursor);
    }

    /** Throws away what there is and begins with empty disks and a log that goes on from {@code start}. */
    void begin(Term term, LogEnd start) {
        storing(() -> {
            note.worthless();
            complete = false;
            GroupStore old = store;
            store = null;
            if (old != null) {
                old.close();
            }
            deleteStore();
            GroupStore fresh = GroupStore.create(directory, disks, Role.REPLICA, term, start, limits);
            for (DiskSpec disk : disks) {
                fresh.zeroBase(disk.name(), 0, disk.size().bytes());
            }
            fresh.syncBase();
            note.reached(SeedCursor.START);
            cursor = SeedCursor.START;
            store = fresh;
        });
    }

    private void deleteStore() throws IOException {
        if (!Files.exists(directory)) {
            Files.createDirectories(directory);
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    void append(ByteBuffer records) {
        storing(() -> requireStore().append(records));
    }

    /** Writes a chunk beside the log; runs of zeroes in it stay holes. */
    void write(int disk, long offset, ByteBuffer content) {
        if (disk >= disks.size() || complete) {
            throw Wire.corrupt("a chunk of disk number " + disk);
        }
        storing(() -> new SparseWrite(requireStore(), disks.get(disk).name()).write(offset, content));
    }

    void reached(SeedCursor reached) {
        storing(() -> {
            requireStore().syncBase();
            note.reached(reached);
            cursor = reached;
        });
    }

    /** With everything before {@code position} in the log the copy is complete. */
    void completeAt(Position position) throws InterruptedException {
        GroupStore known = requireStore();
        if (!known.head().reaches(position)) {
            throw Wire.corrupt("the end of seeding at %s, but the log only to %s".formatted(position, known.head()));
        }
        known.awaitDurable(position);
        storing(() -> {
            known.syncBase();
            known.beginHistory(position);
            note.complete();
            becomeComplete(known);
        });
    }

    private synchronized void becomeComplete(GroupStore known) {
        complete = true;
        known.keepHistory(history);
    }

    /** Keeps so much of the past from now on, or from when the copy is complete. */
    synchronized void keepHistory(HistoryWindow window) {
        history = window;
        GroupStore known = store;
        if (known != null && complete) {
            known.keepHistory(window);
        }
    }

    /** Something done to the storage. */
    private interface StorageWork {
        void run() throws IOException;
    }

    private void storing(StorageWork work) {
        try {
            work.run();
        } catch (IOException failed) {
            throw failure(noSpace(failed) ? ErrorCode.NO_SPACE : ErrorCode.FAILED, failed);
        }
    }

    /** The JDK's own files have no error numbers, only the system's words for them. */
    private static boolean noSpace(IOException failed) {
        return failed instanceof ErrnoException numbered
                ? numbered.noSpace()
                : String.valueOf(failed.getMessage()).contains("No space left on device");
    }

    private GodwitException failure(ErrorCode code, IOException cause) {
        return new GodwitException(
                code,
                "the replica's storage at %s failed: %s%s"
                        .formatted(
                                directory,
                                cause.getMessage(),
                                code == ErrorCode.NO_SPACE ? "; make room there, replication goes on by itself" : ""),
                cause);
    }
}
