package io.godwit.replication;

import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.replication.SeedNote.Content;
import io.godwit.replication.SeedNote.Phase;
import io.godwit.replication.SourceMessage.Seed;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.GroupStore;
import io.godwit.volume.HistoryWindow;
import io.godwit.volume.LogCut;
import io.godwit.volume.LogEnd;
import io.godwit.volume.PatchStore;
import io.godwit.volume.Role;
import io.godwit.volume.StoreLimits;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stores of a replica: its own, and while that is being brought back to the group's history another one beside it that is to
 * take its place; and the note of what is going on. Changed by the session's thread alone; others look.
 *
 * <pre>
 * nothing ──▶ copying in place ──▶ complete ◀──────────── merged
 *                                     │                     ▲
 *                                     ▼                     │
 *                          complete, repairing beside ──▶ merging
 * </pre>
 *
 * Every step is on stable storage before the next one begins, so that opening it again goes on from wherever it was.
 */
final class ReplicaStores {
    private final Path directory;
    private final Path nextDirectory;
    private final List<DiskSpec> disks;
    private final StoreLimits limits;
    private final SeedNote note;
    /** Held while one store takes another one's place. */
    private final Object swapping = new Object();

    private volatile @Nullable GroupStore store;
    private volatile @Nullable GroupStore next;
    private volatile boolean complete;
    private volatile Content progress = Content.of(Phase.WORTHLESS);
    private Optional<LogEnd> parted = Optional.empty();
    private volatile HistoryWindow history;

    ReplicaStores(Path directory, List<DiskSpec> disks, StoreLimits limits, HistoryWindow history) {
        this.directory = directory.toAbsolutePath();
        this.nextDirectory = this.directory.resolveSibling(this.directory.getFileName() + ".next");
        this.disks = List.copyOf(disks);
        this.limits = limits;
        this.history = history;
        this.note = SeedNote.beside(this.directory);
    }

    /** Takes over a store that is open and complete: that of a site which was the primary until now. */
    void adopt(GroupStore primary) {
        store = primary;
        complete = true;
        keep(() -> {
            PatchStore.delete(nextDirectory);
            note.complete();
        });
    }

    Path directory() {
        return directory;
    }

    StoreLimits limits() {
        return limits;
    }

    List<DiskSpec> disks() {
        return disks;
    }

    /** The store as it can be promoted, if it is complete. */
    Optional<GroupStore> store() {
        return Optional.ofNullable(store);
    }

    GroupStore requireStore() {
        return store().orElseThrow(() -> Wire.corrupt("something for a replica that has not been begun"));
    }

    /** The store that the source's log goes to: the one that is to be, if there is one. */
    GroupStore target() {
        GroupStore beside = next;
        return beside == null ? requireStore() : beside;
    }

    /** Whether the store is a complete copy, if an older one. */
    boolean complete() {
        return complete;
    }

    /** Whether the store is complete, but its source's history goes on in another one beside it. */
    boolean repairing() {
        return next != null;
    }

    /** Whether the store is complete and goes on in the group's history. */
    boolean upToDate() {
        return complete && next == null;
    }

    Optional<GroupStore> beside() {
        return Optional.ofNullable(next);
    }

    /** How far a copy under way has come. */
    Content progress() {
        return progress;
    }

    /** Where the store's history parts from the group's, if its images hold more than that. */
    Optional<LogEnd> parted() {
        return parted;
    }

    /** Goes on with whatever a stop, or a failure, has interrupted. */
    void settle() {
        if (store == null) {
            keep(this::openStores);
        }
    }

    private void openStores() throws IOException {
        Optional<Content> found = note.read();
        progress = found.orElse(Content.of(Phase.WORTHLESS));
        if (found.isEmpty()) {
            complete = openStore(history);
            return;
        }
        switch (progress.phase()) {
            case WORTHLESS -> {}
            case COPYING -> openStore(HistoryWindow.NONE);
            case REPAIRING -> {
                complete = openStore(history);
                openNext();
            }
            case MERGING, MERGED -> finishMerging();
        }
    }

    /** Returns whether there is one that can be used. */
    private boolean openStore(HistoryWindow window) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try {
            store = GroupStore.open(directory, limits, window);
            return true;
        } catch (GodwitException unusable) {
            switch (unusable.code()) {
                case NOT_FOUND, CORRUPT -> log(unusable);
                case BAD_INPUT, CONFLICT, FENCED, DENIED, UNREACHABLE, NO_SPACE, UNSUPPORTED, FAILED -> throw unusable;
            }
            return false;
        }
    }

    /** A store beside it is only of use over exactly what it was begun over. */
    private void openNext() throws IOException {
        GroupStore known = store;
        if (known == null || !progress.base().map(SeedNote.End::end).equals(Optional.of(known.end()))) {
            dropNext();
            return;
        }
        try {
            next = PatchStore.open(nextDirectory, known, limits);
            parted = progress.parted().map(SeedNote.End::end);
        } catch (GodwitException unusable) {
            log(unusable);
            dropNext();
        }
    }

    /** Gives the store beside up, if there is one. */
    void dropNext() throws IOException {
        GroupStore beside = next;
        next = null;
        parted = Optional.empty();
        if (beside != null) {
            beside.close();
        }
        note.complete();
        PatchStore.delete(nextDirectory);
    }

    static void log(GodwitException unusable) {
        System.getLogger(ReplicaStores.class.getName())
                .log(Level.WARNING, "there is no replica to go on with: {0}", unusable.sentence());
    }

    /** The history went another way at {@code parting}: goes back to there if nothing of what came behind is in the images. */
    void part(LogEnd parting) throws IOException {
        parted = cut(requireStore(), parting) ? Optional.empty() : Optional.of(parting);
    }

    private boolean cut(GroupStore known, LogEnd parting) throws IOException {
        if (!known.log().holds(parting) || known.applied().compareTo(parting.position()) > 0) {
            return false;
        }
        synchronized (swapping) {
            store = null;
            known.close();
            try {
                LogCut.at(directory, parting.position());
                return true;
            } catch (GodwitException appliedMeanwhile) {
                return false;
            } finally {
                store = GroupStore.open(directory, limits, history);
            }
        }
    }

    private static Term term(Seed seed) {
        return seed.terms().isEmpty() ? Term.FIRST : seed.terms().getLast().term();
    }

    /** Begins a copy in a store beside this one. */
    void beginBeside(Seed seed) throws IOException {
        GroupStore known = requireStore();
        Optional<LogEnd> turned = parted;
        dropNext();
        parted = turned;
        GroupStore fresh = PatchStore.create(nextDirectory, known, term(seed), seed.start(), seed.terms(), limits);
        note(Content.repairing(seed.scope(), known.end(), parted));
        next = fresh;
    }

    /** Begins a copy over the images. */
    void beginInPlace(Seed seed) throws IOException {
        dropStores();
        GroupStore fresh =
                GroupStore.create(directory, disks, Role.REPLICA, term(seed), seed.start(), seed.terms(), limits);
        if (seed.scope() == Scope.COPY) {
            for (DiskSpec disk : disks) {
                fresh.zeroBase(disk.name(), 0, disk.size().bytes());
            }
        }
        fresh.syncBase();
        note(Content.copying(seed.scope()));
        store = fresh;
    }

    /** From here on the images are just some content. */
    void dropStores() throws IOException {
        note(Content.of(Phase.WORTHLESS));
        GroupStore old = store;
        store = null;
        if (old != null) {
            old.close();
        }
        PatchStore.delete(nextDirectory);
        PatchStore.delete(directory);
    }

    private void note(Content content) throws IOException {
        note.write(content);
        progress = content;
    }

    /** So much of the copy is durable here. */
    void reached(SeedCursor reached) {
        keep(() -> {
            target().syncBase();
            note(progress.reached(reached));
        });
    }

    /** The store has all that its source had when the copy ended. */
    void complete(GroupStore known, Position position) {
        keep(() -> {
            known.syncBase();
            known.history().begin(position);
            note.complete();
            becomeComplete(known);
        });
    }

    private void becomeComplete(GroupStore known) {
        synchronized (swapping) {
            complete = true;
            known.history().keep(history);
        }
    }

    /** Keeps so much of the past from now on, or from when the copy is complete. */
    void keepHistory(HistoryWindow window) {
        synchronized (swapping) {
            history = window;
            GroupStore known = store;
            if (known != null && complete) {
                known.history().keep(window);
            }
        }
    }

    /** From the moment at which the note says so there is no way back to the old store, and none is needed. */
    void merge(GroupStore old, GroupStore beside, Position position) throws InterruptedException {
        old.awaitImages(old.head());
        synchronized (swapping) {
            keep(() -> {
                beside.syncBase();
                beside.history().begin(position);
                note(Content.of(Phase.MERGING));
                complete = false;
                store = null;
                next = null;
                parted = Optional.empty();
                beside.close();
                old.close();
                finishMerging();
            });
        }
    }

    private void finishMerging() throws IOException {
        if (progress.phase() == Phase.MERGING) {
            PatchStore.mergeImages(nextDirectory, disks);
            note(Content.of(Phase.MERGED));
        }
        PatchStore.replace(nextDirectory, directory);
        note.complete();
        complete = openStore(history);
    }

    /** What is durable, as the source is told. */
    ReplicaMessage.Ack acknowledgement(long chunkBytes) throws IOException, InterruptedException {
        synchronized (swapping) {
            boolean upToDate = upToDate();
            GroupStore known = target();
            Position head = known.head();
            known.awaitDurable(head);
            if (upToDate) {
                known.log().retain(Replicator.FOLLOWER, head);
            }
            return new ReplicaMessage.Ack(head, upToDate ? earlyDurable(known) : head, chunkBytes, upToDate);
        }
    }

    /** The same as soon as what is ahead of the log is durable: the log, of which more may be on its way to the disk, isn't waited for. */
    ReplicaMessage.Ack earlyAcknowledgement(long chunkBytes) {
        synchronized (swapping) {
            boolean upToDate = upToDate();
            GroupStore known = target();
            Position early = upToDate ? earlyDurable(known) : Position.START;
            Position durable = known.durable();
            return new ReplicaMessage.Ack(durable, early.reaches(durable) ? early : durable, chunkBytes, upToDate);
        }
    }

    /** Makes durable what is held of sync disks ahead of the log; returns up to where they are safe. */
    Position earlyDurable(GroupStore known) {
        return storing(() -> known.early().sync());
    }

    /** Lets go of the store beside, if there is one; the other one stays open. It is gone on with when this replica is opened again. */
    void release() {
        synchronized (swapping) {
            GroupStore beside = next;
            next = null;
            if (beside != null) {
                keep(beside::close);
            }
        }
    }

    /** What was begun beside, and released, is of no use any more. */
    void forgetNext() {
        keep(this::dropNext);
    }

    void keep(ReplicaStorage.Step step) {
        ReplicaStorage.run(directory, step);
    }

    /** Does something to the storage: what fails there is no failure of the channel. */
    <T> T storing(ReplicaStorage<T> work) {
        return ReplicaStorage.get(directory, work);
    }
}
