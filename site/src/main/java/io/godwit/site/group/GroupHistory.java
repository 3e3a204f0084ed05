package io.godwit.site.group;

import io.godwit.api.GroupDefinition;
import io.godwit.api.HistoryBounds;
import io.godwit.api.MarkReport;
import io.godwit.api.PointWish;
import io.godwit.api.PointsReport;
import io.godwit.api.PointsReport.OpenPoint;
import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.GodwitException;
import io.godwit.core.MarkName;
import io.godwit.site.essential.SavedState;
import io.godwit.site.essential.StateSlots;
import io.godwit.site.history.Chronicle;
import io.godwit.site.history.MarkNote.Kind;
import io.godwit.site.history.OpenPoints;
import io.godwit.site.history.Points;
import io.godwit.site.peer.PeerLine;
import io.godwit.site.peer.PeerRequest;
import io.godwit.volume.GroupStore;
import io.godwit.volume.HistoryWindow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What people may do with a group's past at this site: say how much is kept, see its points, open them, and make marks. */
public final class GroupHistory {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("'mark-'yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final GroupAgent agent;
    private final OpenPoints open;
    private final ConsistentMark consistent;

    GroupHistory(GroupAgent agent) {
        this.agent = agent;
        this.consistent = new ConsistentMark(agent);
        this.open = new OpenPoints(
                agent.name(), agent.files().pointsSocket(), agent.files().scratch());
    }

    static HistoryWindow window(HistoryBounds bounds) {
        return new HistoryWindow(bounds.maxBytes(), Duration.ofSeconds(bounds.maxSeconds()));
    }

    /** Changes how much is kept, at the peer first: it must agree before anything changes here. Without a wish it is only told. */
    public HistoryBounds keep(Optional<ByteCount> maxBytes, Optional<Long> maxSeconds) {
        if (maxBytes.isEmpty() && maxSeconds.isEmpty()) {
            return agent.record().bounds();
        }
        HistoryBounds next = agent.record().bounds().with(maxBytes, maxSeconds);
        PeerLine.askOnce(agent.site().linkTo(agent.peer()), new PeerRequest.KeepHistory(agent.name(), next), PATIENCE);
        keep(next);
        return next;
    }

    /** Keeps so much here from now on. */
    void keep(HistoryBounds bounds) {
        agent.changing().lock();
        try {
            agent.save(agent.record().with(bounds));
            switch (agent.role()) {
                case Serving serving -> serving.store().history().keep(window(bounds));
                case Following following -> following.replica().keepHistory(window(bounds));
            }
        } finally {
            agent.changing().unlock();
        }
    }

    public PointsReport list() throws IOException {
        Optional<GroupStore> store = store();
        Optional<Points> points = store.isEmpty() ? Optional.empty() : Optional.of(Points.of(store.get()));
        return new PointsReport(
                agent.name(),
                agent.site().name(),
                agent.record().bounds(),
                points.map(Points::oldest),
                points.map(found -> found.point(found.newest())),
                store.map(known -> known.durable().since(known.history().oldest()))
                        .orElse(ByteCount.ZERO),
                points.map(Points::marks).orElse(List.of()),
                points.map(Points::times).orElse(List.of()),
                open.list());
    }

    /** The store whose past can be looked at; none while a replica is not complete. */
    private Optional<GroupStore> store() {
        return switch (agent.role()) {
            case Serving serving -> Optional.of(serving.store());
            case Following following ->
                following
                        .replica()
                        .store()
                        .filter(ready -> following.replica().status().consistent());
        };
    }

    private GroupStore requireStore() {
        return store().orElseThrow(() -> GroupAgent.refusal(
                "the replica of group %s is not complete yet: it has no past to open".formatted(agent.name())));
    }

    public OpenPoint open(PointWish wish, boolean writable, List<DiskName> disks)
            throws IOException, InterruptedException {
        GroupStore store = requireStore();
        Points points = Points.of(store);
        return open.open(store, points.point(points.find(wish)), writable, disks);
    }

    /** Opens all disks for the machines of a failover test. */
    public OpenPoint openForTest(PointWish wish) throws IOException, InterruptedException {
        GroupStore store = requireStore();
        Points points = Points.of(store);
        return open.openForTest(store, points.point(points.find(wish)));
    }

    /** The essential state that a machine had at an open point. */
    public Optional<SavedState> essentialAt(String id, GroupDefinition.StateDisk disk) throws IOException {
        return new StateSlots(open.disk(id, disk.name()), disk.capacity()).read();
    }

    public void close(String id) throws IOException, InterruptedException {
        open.close(id);
    }

    /** Ends the point of a failover test. */
    public void closeOfTest(String id) throws IOException, InterruptedException {
        open.drop(id);
    }

    /**
     * Makes a mark.
     *
     * @param consistent whether the machines' file systems are frozen for it; otherwise the disks there are as after a
     *     power failure
     */
    public MarkReport mark(Optional<MarkName> wished, boolean consistent) throws IOException, InterruptedException {
        agent.changing().lock();
        try {
            Serving serving = requireServing("make a mark");
            MarkName name = freeName(wished, serving.store());
            return consistent ? markConsistently(serving, name) : mark(serving, name);
        } finally {
            agent.changing().unlock();
        }
    }

    private MarkReport markConsistently(Serving serving, MarkName name) throws IOException, InterruptedException {
        agent.move().filter(move -> !move.hasEnded()).ifPresent(move -> {
            throw GroupAgent.refusal("group %s is being moved to %s: freeze its machines when that is done"
                    .formatted(agent.name(), move.move().to()));
        });
        return consistent.make(serving, name);
    }

    /** Takes care of machines that an earlier daemon has left frozen. */
    void thaw(Serving serving) throws IOException {
        consistent.thawInTheEnd(serving);
    }

    /** Refuses while machines may be frozen. */
    void requireThawed() {
        try {
            consistent.requireThawed();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private MarkReport mark(Serving serving, MarkName name) throws IOException, InterruptedException {
        Chronicle.Made made = serving.chronicle().mark(name, Kind.CRASH);
        return new MarkReport(
                agent.name(), new PointsReport.Mark(name, made.position(), made.time(), Kind.CRASH.word()), List.of());
    }

    /** The machines that may have been frozen are gone. */
    void forgetFrozen() throws IOException {
        consistent.forget();
    }

    /**
     * The group as it is served here.
     *
     * @param what that site is asked for, in the sentence of a refusal
     * @throws GodwitException CONFLICT if it isn't
     */
    public Serving requireServing(String what) {
        if (!(agent.role() instanceof Serving serving)) {
            throw GroupAgent.refusal("group %s runs at %s: ask that site to %s"
                    .formatted(agent.name(), agent.record().owner(), what));
        }
        agent.watch().requireServed();
        return serving;
    }

    static MarkName freeName(Optional<MarkName> wished, GroupStore store) throws IOException {
        Points points = Points.of(store);
        MarkName name = wished.orElseGet(() -> new MarkName(NAME.format(Instant.now())));
        if (points.hasMark(name)) {
            throw GroupAgent.refusal("there is a mark '%s' already: choose another name".formatted(name));
        }
        return name;
    }

    /** Ends all open points. */
    void leave() throws IOException {
        open.close();
    }
}
