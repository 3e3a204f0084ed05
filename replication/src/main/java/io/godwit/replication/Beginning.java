package io.godwit.replication;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Term;
import io.godwit.replication.ReplicaMessage.Holding;
import io.godwit.replication.ReplicaMessage.Parted;
import io.godwit.volume.ChangedBlocks;
import io.godwit.volume.GroupStore;
import io.godwit.volume.LogEnd;
import io.godwit.volume.TermStart;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;

/** How a session begins, as decided by the source from what the replica holds. */
sealed interface Beginning {
    /** The replica is complete: ship from there. */
    record Resume(LogEnd from) implements Beginning {}

    /** A copy was under way: ship from there, and go on copying at the cursor. */
    record GoOn(LogEnd from, SeedCursor cursor, Extent extent) implements Beginning {}

    /** The disks are to be copied, or brought to the same; the log is shipped from there. */
    record Afresh(LogEnd from, Extent extent) implements Beginning {}

    /** The replica's history parted from ours there: it is to set the rest aside first. */
    record Return(LogEnd parting) implements Beginning {}

    /**
     * What a copy goes over.
     *
     * @param changed blocks that may differ; all, if empty
     */
    record Extent(Scope scope, Optional<ChangedBlocks> changed) {
        static final Extent COPY = new Extent(Scope.COPY, Optional.empty());
        static final Extent ALL = new Extent(Scope.ALL, Optional.empty());
    }

    /** Finds what a copy has to go over. */
    interface Search {
        Extent find() throws IOException;
    }

    /**
     * Decides; nothing is changed by it but what is known of changes. A replica whose history is another one is only
     * turned round under a newer term: the term says whose history counts.
     *
     * @throws GodwitException CONFLICT if the replica's history differs under the same term, or it has other disks
     */
    static Beginning decide(GroupStore store, Holding holding) throws IOException, InterruptedException {
        return switch (holding) {
            case Holding.Nothing _ -> afresh(store, () -> Extent.COPY);
            case Holding.Images _ -> afresh(store, () -> Extent.ALL);
            case Holding.Part part -> {
                boolean ours =
                        part.disks().equals(DiskShape.of(store)) && store.log().holds(part.end());
                Extent extent = part.scope() == Scope.COPY ? Extent.COPY : Extent.ALL;
                yield ours ? new GoOn(part.end(), part.cursor(), extent) : afresh(store, () -> Extent.ALL);
            }
            case Holding.Complete complete -> decide(store, complete);
            case Holding.Repair repair -> decide(store, repair);
        };
    }

    /**
     * The log is shipped from where it ends now. Only then is looked for what changed: guests go on writing, and each write
     * must be on one side of that place or the other.
     */
    private static Beginning afresh(GroupStore store, Search changes) throws IOException, InterruptedException {
        LogEnd start = store.end();
        store.awaitDurable(start.position());
        return new Afresh(start, changes.find());
    }

    private static Beginning decide(GroupStore store, Holding.Repair repair) throws IOException, InterruptedException {
        requireSameDisks(store, repair.old().disks());
        if (store.log().holds(repair.old().end()) && repair.old().parted().isEmpty()) {
            return new Resume(repair.old().end());
        }
        if (!store.log().holds(repair.end())) {
            return decide(store, repair.old());
        }
        store.awaitDurable(repair.end().position());
        return new GoOn(repair.end(), repair.cursor(), goOn(store, repair));
    }

    private static Extent goOn(GroupStore store, Holding.Repair repair) throws IOException {
        Optional<Parted> parted = repair.old().parted();
        return switch (repair.scope()) {
            case COPY, ALL -> Extent.ALL;
            case TOLD -> parted.flatMap(known -> told(store, known)).orElse(Extent.ALL);
            case TRACKED ->
                tracked(store, parted.map(Parted::at).orElse(repair.old().end()), parted);
        };
    }

    private static Optional<Extent> told(GroupStore store, Parted parted) {
        return parted.known()
                ? Optional.of(new Extent(Scope.TOLD, Optional.of(blocks(store, parted))))
                : Optional.empty();
    }

    private static ChangedBlocks blocks(GroupStore store, Parted parted) {
        ChangedBlocks blocks = ChangedBlocks.none(store.disks());
        for (DiskRun run : parted.changed()) {
            run.checkFits(store.disks());
            blocks.add(run.disk(), run.offset(), run.length());
        }
        return blocks;
    }

    /** What changed here from then on up to what is durable, and what the replica says; everything, if that isn't known. */
    private static Extent tracked(GroupStore store, LogEnd since, Optional<Parted> parted) throws IOException {
        if (parted.filter(known -> !known.known()).isPresent()) {
            return Extent.ALL;
        }
        try {
            ChangedBlocks changed = store.log().changedSince(since);
            parted.ifPresent(known -> changed.addAll(blocks(store, known)));
            return new Extent(Scope.TRACKED, Optional.of(changed));
        } catch (GodwitException unknown) {
            log("all blocks are compared: {0}", unknown.sentence());
            return Extent.ALL;
        }
    }

    private static Beginning decide(GroupStore store, Holding.Complete replica)
            throws IOException, InterruptedException {
        requireSameDisks(store, replica.disks());
        if (replica.parted().isPresent()) {
            return parted(store, replica.parted().get());
        }
        if (store.log().holds(replica.end())) {
            return new Resume(replica.end());
        }
        Optional<LogEnd> common = TermStart.common(store.terms(), store.end(), replica.terms(), replica.end());
        boolean older = replica.end().position().compareTo(store.tail()) < 0;
        if (older && common.equals(Optional.of(replica.end()))) {
            log("the replica ends at {0}, our log begins at {1}: what differs is sent", replica.end(), store.tail());
            return afresh(store, () -> tracked(store, replica.end(), Optional.empty()));
        }
        requireOlder(store, replica.term(), replica.end());
        LogEnd parting = parting(store, replica, common);
        log("the replica went another way under term {0} from {1} on: it is turned round", replica.term(), parting);
        return new Return(parting);
    }

    /** Where the histories part for certain; where the terms alone can't say, at the beginning of the last one that both had. */
    private static LogEnd parting(GroupStore store, Holding.Complete replica, Optional<LogEnd> common) {
        boolean sameTerms = common.equals(Optional.of(replica.end())) || common.equals(Optional.of(store.end()));
        if (!sameTerms) {
            return common.orElse(LogEnd.NOTHING);
        }
        List<TermStart> both =
                store.terms().stream().filter(replica.terms()::contains).toList();
        return both.isEmpty() ? LogEnd.NOTHING : both.getLast().start();
    }

    /** Changes of its own are in the replica's images: they are replaced, and the log goes on from where the histories part, if we have it. */
    private static Beginning parted(GroupStore store, Parted parted) throws IOException, InterruptedException {
        Optional<Extent> told = store.log().holds(parted.at()) ? told(store, parted) : Optional.empty();
        return told.isPresent()
                ? new Afresh(parted.at(), told.get())
                : afresh(store, () -> tracked(store, parted.at(), Optional.of(parted)));
    }

    private static void requireSameDisks(GroupStore store, List<DiskShape> disks) {
        if (!disks.equals(DiskShape.of(store))) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "the replica has disks %s, the group has %s".formatted(disks, DiskShape.of(store)));
        }
    }

    private static void requireOlder(GroupStore store, Term term, LogEnd end) {
        if (!term.isOlderThan(store.term())) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "the replica holds another history up to %s under the same term %s: nothing is written over it until an operator decides which one counts"
                            .formatted(end.position(), term));
        }
    }

    private static void log(String sentence, Object... facts) {
        System.getLogger(Beginning.class.getName()).log(Level.WARNING, sentence, facts);
    }
}
