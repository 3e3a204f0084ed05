package io.godwit.site.group;

import io.godwit.api.PointWish;
import io.godwit.api.PointsReport;
import io.godwit.api.RewindReport;
import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.MarkName;
import io.godwit.core.Position;
import io.godwit.network.Preference;
import io.godwit.site.history.Points;
import io.godwit.site.history.Rewind;
import io.godwit.volume.GroupStore;
import io.godwit.volume.PointView;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * Takes a group that runs here back to a point: its machines are ended, its disks become what they were, its machines are
 * booted. A rewind that was decided is finished before the group is served again, whatever happened in between.
 */
public final class Rewinder {
    private static final Logger LOG = System.getLogger(Rewinder.class.getName());
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern(
                    "'before-rewind-'yyyyMMdd-HHmmss", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** What the group's log needs besides. */
    private static final ByteCount LEFT_FREE = ByteCount.ofMiB(512);

    private final GroupAgent agent;
    private final Rewind rewind;

    Rewinder(GroupAgent agent) {
        this.agent = agent;
        this.rewind = new Rewind(agent.files().directory());
    }

    /** Whether one was decided and isn't finished. */
    boolean pending() {
        try {
            return rewind.decided().isPresent();
        } catch (IOException unreadable) {
            throw new GodwitException(
                    ErrorCode.FAILED,
                    "whether a rewind is under way can't be read: " + unreadable.getMessage(),
                    unreadable);
        }
    }

    /**
     * Goes back, or only says what would be discarded.
     *
     * @param confirmed whether it is to be done
     */
    public RewindReport rewind(PointWish wish, boolean confirmed) throws IOException, InterruptedException {
        agent.changing().lock();
        try {
            Serving serving = requireRewindable();
            GroupStore store = serving.store();
            Points points = Points.of(store);
            try (PointView view = store.history().open(points.find(wish))) {
                ByteCount toWrite = Rewind.bytes(view.changedUpTo(store.durable()));
                requireRoom(toWrite);
                PointsReport.Point to = points.point(view.position());
                PointsReport.Point from = points.point(points.newest());
                return confirmed ? goBack(serving, view, to) : report(to, from, Optional.empty(), toWrite, 0);
            }
        } finally {
            agent.changing().unlock();
        }
    }

    private Serving requireRewindable() {
        Serving serving = agent.history().requireServing("rewind it");
        agent.move().filter(move -> !move.hasEnded()).ifPresent(move -> {
            throw GroupAgent.refusal("group %s is being moved to %s: rewind it when that is done"
                    .formatted(agent.name(), move.move().to()));
        });
        if (pending()) {
            throw GroupAgent.refusal("a rewind of group %s is under way already".formatted(agent.name()));
        }
        return serving;
    }

    private void requireRoom(ByteCount toWrite) throws IOException {
        long free = Files.getFileStore(agent.files().directory()).getUsableSpace();
        long needed = 2 * toWrite.bytes() + LEFT_FREE.bytes();
        if (free < needed) {
            throw GroupAgent.refusal("a rewind of group %s needs %s of disk for a while, and only %s are free"
                    .formatted(agent.name(), new ByteCount(needed), new ByteCount(free)));
        }
    }

    private RewindReport goBack(Serving serving, PointView view, PointsReport.Point to)
            throws IOException, InterruptedException {
        long begun = System.nanoTime();
        LOG.log(Level.WARNING, "group {0} goes back to {1}: its machines are ended", agent.name(), view.position());
        serving.standStill();
        Rewind.Decided decided = prepare(serving, view);
        try {
            agent.upkeep().activate(serving, agent.record().term(), Preference.USUAL);
        } catch (IOException | GodwitException failed) {
            Thread.ofVirtual().name("rewind-again").start(() -> agent.upkeep().serveUntilItWorks(serving));
            throw new GodwitException(
                    ErrorCode.FAILED,
                    "the rewind of group %s is decided, but not done: %s; it is tried again"
                            .formatted(agent.name(), failed.getMessage()),
                    failed);
        }
        PointsReport.Point from = Points.of(serving.store()).point(decided.from());
        return report(to, from, Optional.of(decided.undo()), decided.written(), millisSince(begun));
    }

    /** If it can't be decided, the group goes on as it was. */
    private Rewind.Decided prepare(Serving serving, PointView view) throws IOException, InterruptedException {
        try {
            MarkName undo =
                    GroupHistory.freeName(Optional.of(new MarkName(NAME.format(Instant.now()))), serving.store());
            return rewind.prepare(serving.store(), serving.chronicle(), view, undo);
        } catch (IOException | RuntimeException failed) {
            rewind.forget();
            Thread.ofVirtual().name("serve-again").start(() -> agent.upkeep().serveUntilItWorks(serving));
            throw new GodwitException(
                    ErrorCode.FAILED,
                    "group %s was not rewound, its machines are booted again: %s"
                            .formatted(agent.name(), failed.getMessage()),
                    failed);
        }
    }

    private static long millisSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1_000_000;
    }

    private RewindReport report(
            PointsReport.Point to,
            PointsReport.Point from,
            Optional<MarkName> undo,
            ByteCount written,
            long tookMillis) {
        Position end = from.position();
        return new RewindReport(
                agent.name(),
                to,
                from,
                undo,
                end.since(to.position()),
                written,
                agent.record().definition().vms().size(),
                tookMillis);
    }

    /** Decides to go back to a point before the machines of a group that was just taken over are booted. */
    void decide(Serving serving, Position to) throws IOException, InterruptedException {
        if (pending()) {
            return;
        }
        GroupStore store = serving.store();
        try (PointView view = store.history().open(to)) {
            MarkName undo = GroupHistory.freeName(Optional.of(new MarkName(NAME.format(Instant.now()))), store);
            rewind.prepare(store, serving.chronicle(), view, undo);
        }
    }

    /** Leaves the disks as they are, if nothing of what was decided was begun; returns whether that is so. */
    boolean revoke() throws IOException {
        return rewind.revoke();
    }

    /** Another site owns the group now: what was decided here is void. */
    void drop() throws IOException {
        rewind.drop();
    }

    /** Does what was decided, if anything was, before the group is served. */
    void finish(Serving serving) throws IOException, InterruptedException {
        if (pending()) {
            serving.standStill();
            finishBeneath(serving);
        }
    }

    /** Like the other, with machines that are there, and have not run yet, left waiting. */
    void finishBeneath(Serving serving) throws IOException, InterruptedException {
        if (pending()) {
            serving.rule().release();
            rewind.finish(serving.store(), serving.chronicle(), serving.rule());
            LOG.log(Level.INFO, "the disks of group {0} are rewound", agent.name());
        }
    }
}
