package io.godwit.replication;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.replication.ReplicaMessage.EarlyRoom;
import io.godwit.replication.ReplicaMessage.Holding;
import io.godwit.replication.ReplicaMessage.Parted;
import io.godwit.replication.SeedNote.Content;
import io.godwit.replication.SeedNote.Phase;
import io.godwit.replication.SourceMessage.Early;
import io.godwit.replication.SourceMessage.Seed;
import io.godwit.volume.BaseImages;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.EarlyBatch;
import io.godwit.volume.EarlySide;
import io.godwit.volume.GroupStore;
import io.godwit.volume.HistoryWindow;
import io.godwit.volume.LogCut;
import io.godwit.volume.LogEnd;
import io.godwit.volume.PatchStore;
import io.godwit.volume.Role;
import io.godwit.volume.SetAside;
import io.godwit.volume.StoreLimits;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a replica keeps: its store; while that is being brought back to the group's history, another one beside it that is
 * to take its place; and a note of what is going on. Changed by the session's thread alone; others look.
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
final class ReplicaCopy {
    private final Path directory;
    private final Path nextDirectory;
    private final List<DiskSpec> disks;
    private final StoreLimits limits;
    private final SeedNote note;
    private final SetAside aside;
    /** Held while one store takes another one's place. */
    private final Object swapping = new Object();

    private volatile @Nullable GroupStore store;
    private volatile @Nullable GroupStore next;
    private volatile boolean complete;
    private volatile Content progress = Content.of(Phase.WORTHLESS);
    private Optional<LogEnd> parted = Optional.empty();
    private volatile HistoryWindow history;

    private ReplicaCopy(Path directory, List<DiskSpec> disks, StoreLimits limits, HistoryWindow history) {
        this.directory = directory.toAbsolutePath();
        this.nextDirectory = this.directory.resolveSibling(this.directory.getFileName() + ".next");
        this.disks = List.copyOf(disks);
        this.limits = limits;
        this.history = history;
        this.note = SeedNote.beside(this.directory);
        this.aside = Replica.setAside(this.directory);
    }

    /** Opens what is in the directory, if anything. */
    static ReplicaCopy open(Path directory, List<DiskSpec> disks, StoreLimits limits, HistoryWindow history) {
        ReplicaCopy copy = new ReplicaCopy(directory, disks, limits, history);
        copy.settle();
        return copy;
    }

    /** Takes over a store that is open and complete: that of a site which was the primary until now. */
    static ReplicaCopy of(GroupStore store, StoreLimits limits, HistoryWindow history) {
        ReplicaCopy copy = new ReplicaCopy(store.directory(), store.disks(), limits, history);
        copy.store = store;
        copy.complete = true;
        copy.keep(() -> {
            PatchStore.delete(copy.nextDirectory);
            copy.note.complete();
        });
        return copy;
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

    private void dropNext() throws IOException {
        GroupStore beside = next;
        next = null;
        parted = Optional.empty();
        if (beside != null) {
            beside.close();
        }
        note.complete();
        PatchStore.delete(nextDirectory);
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
        settle();
        GroupStore known = store;
        if (known == null) {
            return;
        }
        if (term.isOlderThan(known.term()) || term.isOlderThan(target().term())) {
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
        keep(known::fence);
    }

    /** What there is to go on with, all of it durable. */
    Holding holding() throws InterruptedException {
        GroupStore known = store;
        if (known == null) {
            return storing(this::imagesHold) ? new Holding.Images() : new Holding.Nothing();
        }
        if (!complete) {
            return new Holding.Part(
                    DiskShape.of(known), known.term(), durableEnd(known), progress.cursor(), progress.scope());
        }
        Holding.Complete old = new Holding.Complete(
                DiskShape.of(known), known.term(), durableEnd(known), known.terms(), parted.map(this::parted));
        GroupStore beside = next;
        return beside == null ? old : new Holding.Repair(old, durableEnd(beside), progress.cursor(), progress.scope());
    }

    private static LogEnd durableEnd(GroupStore store) throws InterruptedException {
        LogEnd end = store.end();
        store.awaitDurable(end.position());
        return end;
    }

    /** Whether there is anything on the disks. */
    private boolean imagesHold() throws IOException {
        for (DiskSpec disk : disks) {
            if (!BaseImages.isEmpty(disk)) {
                return true;
            }
        }
        return false;
    }

    /** What this site changed beyond the common history, as far as its log still tells. */
    private Parted parted(LogEnd at) {
        return storing(() -> {
            try {
                return new Parted(at, true, DiskRun.of(requireStore().changedFrom(at), disks));
            } catch (GodwitException unknown) {
                log(unknown);
                return new Parted(at, false, List.of());
            }
        });
    }

    /** Sets aside what this site has beyond the common history, and goes back to that if nothing of it is in the images. */
    void turnBack(LogEnd parting) {
        GroupStore known = requireStore();
        if (!complete || known.role() != Role.REPLICA) {
            throw Wire.corrupt("the word to turn back for what is no complete replica");
        }
        keep(() -> {
            dropNext();
            known.early().drop();
            if (known.head().compareTo(parting.position()) > 0) {
                SetAside.Entry kept = aside.keep(known, parting.position());
                System.getLogger(ReplicaCopy.class.getName())
                        .log(
                                Level.WARNING,
                                "{0} changes that never reached the other site are set aside as {1}",
                                kept.changes(),
                                kept.id());
            }
            parted = cut(known, parting) ? Optional.empty() : Optional.of(parting);
        });
    }

    private boolean cut(GroupStore known, LogEnd parting) throws IOException {
        if (!known.holds(parting) || known.applied().compareTo(parting.position()) > 0) {
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

    /** Begins a copy: beside the store if that is complete, else in place. */
    void begin(Seed seed) {
        keep(() -> {
            if (!complete) {
                beginInPlace(seed);
            } else if (seed.scope() == Scope.COPY) {
                throw Wire.corrupt("a copy onto empty disks for a complete replica");
            } else {
                beginBeside(seed);
            }
        });
    }

    private static Term term(Seed seed) {
        return seed.terms().isEmpty() ? Term.FIRST : seed.terms().getLast().term();
    }

    private void beginBeside(Seed seed) throws IOException {
        GroupStore known = requireStore();
        Optional<LogEnd> turned = parted;
        dropNext();
        parted = turned;
        GroupStore fresh = PatchStore.create(nextDirectory, known, term(seed), seed.start(), seed.terms(), limits);
        note(Content.repairing(seed.scope(), known.end(), parted));
        next = fresh;
    }

    private void beginInPlace(Seed seed) throws IOException {
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
    private void dropStores() throws IOException {
        note(Content.of(Phase.WORTHLESS));
        GroupStore old = store;
        store = null;
        if (old != null) {
            old.close();
        }
        PatchStore.delete(nextDirectory);
        PatchStore.delete(directory);
    }

    /**
     * Gives up what was copied so far for images with other content, with which the source will compare its own.
     *
     * @throws GodwitException CONFLICT if the replica is complete, or will be without its source
     */
    void replaceImages(CopyImport images) {
        requireReplaceable();
        keep(() -> {
            dropStores();
            images.place();
        });
    }

    void requireReplaceable() {
        boolean merging = progress.phase() == Phase.MERGING || progress.phase() == Phase.MERGED;
        if (complete || merging) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "the replica at %s is complete: what differs is shipped to it, there is nothing to import"
                            .formatted(directory));
        }
    }

    private void note(Content content) throws IOException {
        note.write(content);
        progress = content;
    }

    void append(ByteBuffer records) {
        keep(() -> target().append(records));
    }

    /** What is held of sync disks ahead of the log of a complete copy; nothing before there is one. */
    EarlyRoom early() {
        GroupStore known = store;
        if (known == null || !complete || next != null) {
            return EarlyRoom.of(EarlySide.empty(limits));
        }
        earlyDurable(known);
        return EarlyRoom.of(known.early().state());
    }

    /** Takes records of sync disks ahead of the log. */
    void add(Early early, Unpacker unpacker) {
        if (!complete || next != null) {
            throw Wire.corrupt("early records for a replica that is not complete");
        }
        EarlyBatch batch = new EarlyBatch(early.from(), early.to(), early.term());
        boolean none = early.records().rawLength() == 0;
        ByteBuffer records = none ? ByteBuffer.allocate(0) : unpacker.unpack(early.records());
        keep(() -> requireStore().early().add(batch, records));
    }

    private Position earlyDurable(GroupStore known) {
        return storing(() -> known.early().sync());
    }

    /** Forgets what has come of a batch that will not be completed, if there is a store. */
    void dropOpenBatch() {
        if (store != null) {
            keep(() -> target().dropOpenBatch());
        }
    }

    /** What the copy does to the disks. */
    DiskWriter writer() {
        if (complete && next == null) {
            throw Wire.corrupt("content for a replica that is complete");
        }
        return new DiskWriter(target(), disks);
    }

    void reached(SeedCursor reached) {
        keep(() -> {
            target().syncBase();
            note(progress.reached(reached));
        });
    }

    /** With everything before {@code position} in the log the copy is complete. */
    void completeAt(Position position) throws InterruptedException {
        GroupStore known = target();
        if (!known.head().reaches(position)) {
            throw Wire.corrupt("the end of seeding at %s, but the log only to %s".formatted(position, known.head()));
        }
        known.awaitDurable(position);
        GroupStore beside = next;
        if (beside == null) {
            keep(() -> {
                known.syncBase();
                known.beginHistory(position);
                note.complete();
                becomeComplete(known);
            });
        } else {
            merge(requireStore(), beside, position);
        }
    }

    private void becomeComplete(GroupStore known) {
        synchronized (swapping) {
            complete = true;
            known.keepHistory(history);
        }
    }

    /** Keeps so much of the past from now on, or from when the copy is complete. */
    void keepHistory(HistoryWindow window) {
        synchronized (swapping) {
            history = window;
            GroupStore known = store;
            if (known != null && complete) {
                known.keepHistory(window);
            }
        }
    }

    /** From the moment at which the note says so there is no way back to the old store, and none is needed. */
    private void merge(GroupStore old, GroupStore beside, Position position) throws InterruptedException {
        old.awaitImages(old.head());
        synchronized (swapping) {
            keep(() -> {
                beside.syncBase();
                beside.beginHistory(position);
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
            boolean upToDate = complete && next == null;
            GroupStore known = target();
            Position head = known.head();
            known.awaitDurable(head);
            if (upToDate) {
                known.retain(Replicator.FOLLOWER, head);
            }
            return new ReplicaMessage.Ack(head, upToDate ? earlyDurable(known) : head, chunkBytes, upToDate);
        }
    }

    /** The same as soon as what is ahead of the log is durable: the log, of which more may be on its way to the disk, isn't waited for. */
    ReplicaMessage.Ack earlyAcknowledgement(long chunkBytes) {
        synchronized (swapping) {
            boolean upToDate = complete && next == null;
            GroupStore known = target();
            Position early = upToDate ? earlyDurable(known) : Position.START;
            Position durable = known.durable();
            return new ReplicaMessage.Ack(durable, early.reaches(durable) ? early : durable, chunkBytes, upToDate);
        }
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

    private void keep(StorageWork work) {
        storing(() -> {
            work.run();
            return true;
        });
    }

    /** Something done to the storage without a result. */
    private interface StorageWork {
        void run() throws IOException;
    }

    /** Does something to the storage: what fails there is no failure of the channel. */
    <T> T storing(ReplicaStorage<T> work) {
        return ReplicaStorage.get(directory, work);
    }
}
