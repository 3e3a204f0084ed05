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
import io.godwit.volume.LogEnd;
import io.godwit.volume.Role;
import io.godwit.volume.SetAside;
import io.godwit.volume.StoreLimits;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** What a replica makes of what its source says: whether that may ship, where it begins, when it is complete. */
final class ReplicaCopy {
    private final ReplicaStores stores;
    private final SetAside aside;

    private ReplicaCopy(ReplicaStores stores) {
        this.stores = stores;
        this.aside = Replica.setAside(stores.directory());
    }

    /** Opens what is in the directory, if anything. */
    static ReplicaCopy open(Path directory, List<DiskSpec> disks, StoreLimits limits, HistoryWindow history) {
        ReplicaStores stores = new ReplicaStores(directory, disks, limits, history);
        stores.settle();
        return new ReplicaCopy(stores);
    }

    /** Takes over a store that is open and complete: that of a site which was the primary until now. */
    static ReplicaCopy of(GroupStore store, StoreLimits limits, HistoryWindow history) {
        ReplicaStores stores = new ReplicaStores(store.directory(), store.disks(), limits, history);
        stores.adopt(store);
        return new ReplicaCopy(stores);
    }

    ReplicaStores stores() {
        return stores;
    }

    /**
     * Decides whether that source may ship here.
     *
     * @throws GodwitException FENCED if its term is old, CONFLICT if this site is the primary or expects other disks
     */
    void admit(Term term, List<DiskShape> shapes) {
        if (!shapes.equals(DiskShape.of(stores.disks()))) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "the source has disks %s, this site expects %s".formatted(shapes, DiskShape.of(stores.disks())));
        }
        stores.settle();
        GroupStore known = stores.store().orElse(null);
        if (known == null) {
            return;
        }
        if (term.isOlderThan(known.term()) || term.isOlderThan(stores.target().term())) {
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
        stores.keep(known::fence);
    }

    /** What there is to go on with, all of it durable. */
    Holding holding() throws InterruptedException {
        GroupStore known = stores.store().orElse(null);
        Content progress = stores.progress();
        if (known == null) {
            return stores.storing(this::imagesHold) ? new Holding.Images() : new Holding.Nothing();
        }
        if (!stores.complete()) {
            return new Holding.Part(
                    DiskShape.of(known), known.term(), durableEnd(known), progress.cursor(), progress.scope());
        }
        Holding.Complete old = new Holding.Complete(
                DiskShape.of(known),
                known.term(),
                durableEnd(known),
                known.terms(),
                stores.parted().map(this::parted));
        GroupStore beside = stores.beside().orElse(null);
        return beside == null ? old : new Holding.Repair(old, durableEnd(beside), progress.cursor(), progress.scope());
    }

    private static LogEnd durableEnd(GroupStore store) throws InterruptedException {
        LogEnd end = store.end();
        store.awaitDurable(end.position());
        return end;
    }

    /** Whether there is anything on the disks. */
    private boolean imagesHold() throws IOException {
        for (DiskSpec disk : stores.disks()) {
            if (!BaseImages.isEmpty(disk)) {
                return true;
            }
        }
        return false;
    }

    /** What this site changed beyond the common history, as far as its log still tells. */
    private Parted parted(LogEnd at) {
        return stores.storing(() -> {
            try {
                return new Parted(
                        at, true, DiskRun.of(stores.requireStore().log().changedFrom(at), stores.disks()));
            } catch (GodwitException unknown) {
                ReplicaStores.log(unknown);
                return new Parted(at, false, List.of());
            }
        });
    }

    /** Sets aside what this site has beyond the common history, and goes back to that if nothing of it is in the images. */
    void turnBack(LogEnd parting) {
        GroupStore known = stores.requireStore();
        if (!stores.complete() || known.role() != Role.REPLICA) {
            throw Wire.corrupt("the word to turn back for what is no complete replica");
        }
        stores.keep(() -> {
            stores.dropNext();
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
            stores.part(parting);
        });
    }

    /** Begins a copy: beside the store if that is complete, else in place. */
    void begin(Seed seed) {
        stores.keep(() -> {
            if (!stores.complete()) {
                stores.beginInPlace(seed);
            } else if (seed.scope() == Scope.COPY) {
                throw Wire.corrupt("a copy onto empty disks for a complete replica");
            } else {
                stores.beginBeside(seed);
            }
        });
    }

    /**
     * Gives up what was copied so far for images with other content, with which the source will compare its own.
     *
     * @throws GodwitException CONFLICT if the replica is complete, or will be without its source
     */
    void replaceImages(CopyImport images) {
        requireReplaceable();
        stores.keep(() -> {
            stores.dropStores();
            images.place();
        });
    }

    void requireReplaceable() {
        Phase phase = stores.progress().phase();
        boolean merging = phase == Phase.MERGING || phase == Phase.MERGED;
        if (stores.complete() || merging) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "the replica at %s is complete: what differs is shipped to it, there is nothing to import"
                            .formatted(stores.directory()));
        }
    }

    void append(ByteBuffer records) {
        stores.keep(() -> stores.target().append(records));
    }

    /** What is held of sync disks ahead of the log of a complete copy; nothing before there is one. */
    EarlyRoom early() {
        if (!stores.upToDate()) {
            return EarlyRoom.of(EarlySide.empty(stores.limits()));
        }
        GroupStore known = stores.requireStore();
        stores.earlyDurable(known);
        return EarlyRoom.of(known.early().state());
    }

    /** Takes records of sync disks ahead of the log. */
    void add(Early early, Unpacker unpacker) {
        if (!stores.upToDate()) {
            throw Wire.corrupt("early records for a replica that is not complete");
        }
        EarlyBatch batch = new EarlyBatch(early.from(), early.to(), early.term());
        boolean none = early.records().rawLength() == 0;
        ByteBuffer records = none ? ByteBuffer.allocate(0) : unpacker.unpack(early.records());
        stores.keep(() -> stores.requireStore().early().add(batch, records));
    }

    /** Forgets what has come of a batch that will not be completed, if there is a store. */
    void dropOpenBatch() {
        if (stores.store().isPresent()) {
            stores.keep(() -> stores.target().dropOpenBatch());
        }
    }

    /** What the copy does to the disks. */
    DiskWriter writer() {
        if (stores.upToDate()) {
            throw Wire.corrupt("content for a replica that is complete");
        }
        return new DiskWriter(stores.target(), stores.disks());
    }

    /** With everything before {@code position} in the log the copy is complete. */
    void completeAt(Position position) throws InterruptedException {
        GroupStore known = stores.target();
        if (!known.head().reaches(position)) {
            throw Wire.corrupt("the end of seeding at %s, but the log only to %s".formatted(position, known.head()));
        }
        known.awaitDurable(position);
        GroupStore beside = stores.beside().orElse(null);
        if (beside == null) {
            stores.complete(known, position);
        } else {
            stores.merge(stores.requireStore(), beside, position);
        }
    }
}
