package io.godwit.site.move;

import io.godwit.api.MoveOptions;
import io.godwit.api.MoveReport;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.link.Link;
import io.godwit.migration.MoveEvent;
import io.godwit.migration.MovePort;
import io.godwit.migration.MoveRecord;
import io.godwit.migration.Phase;
import io.godwit.migration.RoundFacts;
import io.godwit.migration.Subsystem;
import io.godwit.network.Ipv4Address;
import io.godwit.network.ServicePort;
import io.godwit.replication.ModeChange;
import io.godwit.replication.Replicator;
import io.godwit.site.SiteContext;
import io.godwit.site.files.GroupRecord;
import io.godwit.site.group.Serving;
import io.godwit.site.peer.PeerLine;
import io.godwit.site.peer.PeerReply;
import io.godwit.site.peer.PeerRequest;
import io.godwit.site.peer.TunnelPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the coordinator's effects really do at the source of a move, up to the target's answer. */
final class OutgoingMove implements MovePort {
    private static final Logger LOG = System.getLogger(OutgoingMove.class.getName());
    private static final Duration PREPARE_PATIENCE = Duration.ofSeconds(45);
    private static final Duration OFFER_PATIENCE = Duration.ofSeconds(12);
    private static final Duration ASK_PATIENCE = Duration.ofSeconds(5);
    private static final Duration ASK_PAUSE = Duration.ofMillis(300);
    private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(60);
    private static final Duration PROOF_PATIENCE = Duration.ofSeconds(5);
    /** The target reads all of the memory, if it is to be compared, before it says that it is ready. */
    private static final Duration READY_PATIENCE = Duration.ofSeconds(20);

    private static final Duration TOUCH_PATIENCE = Duration.ofSeconds(2);
    private static final Duration SEED_POLL = Duration.ofMillis(200);

    /** QEMU reads what the kernel still holds for the guest within this, or it is sent again by whoever sent it. */
    private static final Duration LAST_PACKETS = Duration.ofMillis(50);

    private final MoveSetting setting;
    private final SiteContext site;
    private final GroupRecord record;
    private final MoveRecord move;
    private final MoveOptions options;
    private final MoveMeasures measures;
    private final Link link;
    private final MemoryTransfer memory;
    private @Nullable PeerLine line;
    private volatile Optional<MoveTunnel> tunnel = Optional.empty();
    private volatile Optional<String> targetUnderlay = Optional.empty();
    private volatile boolean cancelled;
    private long synchronousSince;
    private long pausedAt;
    private long stoppedAt;
    private long copiedAt;

    OutgoingMove(
            MoveSetting setting, MoveRecord move, MoveOptions options, MoveMeasures measures, MemoryTransfer memory) {
        this.setting = setting;
        this.site = setting.site();
        this.record = setting.record();
        this.move = move;
        this.options = options;
        this.measures = measures;
        this.memory = memory;
        this.link = site.linkTo(move.to());
    }

    /** Takes up what an earlier daemon had built. */
    void recall(SavedMove saved) {
        targetUnderlay = saved.targetUnderlay();
        tunnel = targetUnderlay.map(
                underlay -> MoveTunnel.atSource(site, MoveTunnel.plan(site, record.name()), underlay));
    }

    Optional<String> targetUnderlay() {
        return targetUnderlay;
    }

    private Serving serving() {
        return setting.requireServing();
    }

    @Override
    public void prepare(Subsystem subsystem) throws InterruptedException {
        switch (subsystem) {
            case SERVER -> prepareServer();
            case STORAGE -> prepareStorage();
            case NETWORK -> prepareNetwork();
        }
        measures.moment(subsystem.name().toLowerCase(Locale.ROOT) + " ready");
    }

    private void prepareServer() throws InterruptedException {
        PeerLine opened = PeerLine.open(link, record.name());
        synchronized (this) {
            line = opened;
        }
        opened.ask(new PeerRequest.PrepareServer(record.name(), move.id(), options.compare()), PREPARE_PATIENCE);
        memory.open(link, move.id());
        memory.round(1);
    }

    private void prepareStorage() throws InterruptedException {
        Replicator replicator = serving().replicator();
        while (!replicator.awaitSeeded(SEED_POLL)) {
            requireGoing();
        }
        measures.storage(storage -> new MoveReport.Storage(
                replicator.status().seed().doneBytes(), storage.wanBytes(), 0, 0, storage.identical()));
    }

    private void prepareNetwork() {
        TunnelPlan plan = MoveTunnel.plan(site, record.name());
        var service = site.config().service();
        PeerReply reply = PeerLine.askOnce(
                link,
                new PeerRequest.PrepareNetwork(record.name(), move.id(), plan, service.gateway(), service.gatewayMac()),
                PREPARE_PATIENCE);
        if (!(reply instanceof PeerReply.NetworkReady(String underlay))) {
            throw new GodwitException(ErrorCode.FAILED, "%s answered %s".formatted(move.to(), reply));
        }
        MoveTunnel built = MoveTunnel.atSource(site, plan, underlay);
        built.prepare();
        for (Ipv4Address address : serving().ports().addresses()) {
            site.edge().ready(address, built.spec());
        }
        targetUnderlay = Optional.of(underlay);
        tunnel = Optional.of(built);
    }

    @Override
    public void drain() throws InterruptedException {
        ModeChange change = serving().replicator().hold(DRAIN_PATIENCE);
        if (!change.done()) {
            throw new GodwitException(
                    ErrorCode.UNREACHABLE, "the pending writes could not be drained: " + change.reason());
        }
        synchronousSince = System.nanoTime();
        measures.storage(storage -> new MoveReport.Storage(
                storage.seededBytes(), storage.wanBytes(), change.took().toMillis(), 0, storage.identical()));
    }

    @Override
    public void proveSynchronous() throws InterruptedException {
        try {
            Position proof = serving().store().mark(0, ByteBuffer.allocate(0));
            if (!serving().replicator().awaitRemoteDurable(proof, PROOF_PATIENCE)) {
                throw new GodwitException(ErrorCode.UNREACHABLE, "the replica stopped answering");
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public RoundFacts copyRound(int number) throws InterruptedException {
        return memory.round(number + 1);
    }

    @Override
    public void quiesce(Consumer<MoveEvent.Fenced> fenced) throws InterruptedException {
        openLine().ask(new PeerRequest.AskReady(record.name(), move.id()), READY_PATIENCE);
        serving().essential().requireGiven();
        serving().chronicle().hush();
        divert();
        pausedAt = System.nanoTime();
        memory.pauseGuests(this::stopWaiting);
        stoppedAt = System.nanoTime();
        measures.moment("paused");
        lingerIfAsked();
        requireGoing();
        requireNothingLost();
        SideBySide.run(List.of(memory::finalRound, this::requireTarget, () -> closeDisks(fenced)), LastStep::take);
        offerToVoters();
        copiedAt = System.nanoTime();
        requireGoing();
    }

    /**
     * From the moment in which the guest computes no more its flushes need not wait for the target: it hears of them only after
     * it runs again, over there with everything that was ever written, or here under the group's own mode, which is in force again.
     */
    private void stopWaiting() {
        serving().replicator().release();
    }

    /** A guest that stands still has no request under way: what its scratch disks hold now is what it would miss. */
    private void requireNothingLost() {
        if (!options.dropsScratch()) {
            serving().requireBlankScratch();
        }
    }

    /** Nothing is written here any more, and everything that was is at the target. */
    private void closeDisks(Consumer<MoveEvent.Fenced> fenced) throws InterruptedException {
        fence();
        fenced.accept(
                new MoveEvent.Fenced(record.term().next(), serving().store().head()));
        if (!serving().replicator().awaitRemoteDurable(serving().store().head(), PROOF_PATIENCE)) {
            throw new GodwitException(ErrorCode.UNREACHABLE, "the last writes did not reach the replica");
        }
    }

    /** After the device state is saved: for that QEMU flushes its disks, which answer nothing any more then. A move whose voters are away is given up here. */
    private void offerToVoters() throws InterruptedException {
        setting.owner().offerTo(move.to());
    }

    /** One of the things that are done at once while the guest stands still. */
    private interface LastStep {
        void take() throws InterruptedException;
    }

    /**
     * Was asked while the guest still ran, so that a target in trouble costs it nothing (and digested the memory then); is asked
     * again beside the last round: an offer to a target that can't hear it would leave the group standing.
     */
    private void requireTarget() {
        openLine().ask(new PeerRequest.AskReady(record.name(), move.id()), TOUCH_PATIENCE);
    }

    private PeerLine openLine() {
        PeerLine open;
        synchronized (this) {
            open = line;
        }
        if (open == null) {
            throw new GodwitException(ErrorCode.CONFLICT, "there is no line to %s".formatted(move.to()));
        }
        return open;
    }

    private void divert() throws InterruptedException {
        Duration longest = Duration.ZERO;
        for (Ipv4Address address : serving().ports().addresses()) {
            Duration took = site.edge().divert(address);
            longest = took.compareTo(longest) > 0 ? took : longest;
        }
        double millis = longest.toNanos() / 1e6;
        measures.network(network -> new MoveReport.Network(millis, 0, 0));
        measures.moment("diverted");
        for (ServicePort port : serving().ports().all()) {
            site.edge().awaitDrained(port, LAST_PACKETS);
        }
    }

    private void lingerIfAsked() throws InterruptedException {
        if (options.linger().equals(Optional.of(Phase.FINAL.word()))) {
            Thread.sleep(ActiveMove.LINGER);
        }
    }

    private void fence() {
        if (setting.owner().isVoted()) {
            return;
        }
        try {
            serving().store().fence();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public MoveEvent offer(Term term, Position end) {
        long asked = System.nanoTime();
        PeerReply reply = openLine()
                .ask(
                        new PeerRequest.Offer(
                                record.name(),
                                move.id(),
                                term,
                                end,
                                setting.owner().mode()),
                        OFFER_PATIENCE);
        measurePause(Duration.ofNanos(System.nanoTime() - asked));
        return event(reply);
    }

    /** The guest ran again at the target about half a round trip before its answer arrived here. */
    private void measurePause(Duration answer) {
        long now = System.nanoTime();
        long half = Math.min(
                        answer.toNanos(),
                        serving().replicator().status().roundTrip().toNanos())
                / 2;
        memory.finished(new MoveReport.Pause(
                millis(stoppedAt - pausedAt), millis(copiedAt - stoppedAt), millis(now - half - copiedAt)));
        long synchronous = millis(now - synchronousSince);
        long wan = serving().replicator().status().wanBytes();
        measures.storage(storage -> new MoveReport.Storage(
                storage.seededBytes(), wan, storage.drainMillis(), synchronous, storage.identical()));
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }

    @Override
    public MoveEvent askOutcome(Term term) throws InterruptedException {
        while (true) {
            try {
                return event(
                        PeerLine.askOnce(link, new PeerRequest.AskOutcome(record.name(), move.id()), ASK_PATIENCE));
            } catch (GodwitException away) {
                Thread.sleep(ASK_PAUSE);
            }
        }
    }

    private static MoveEvent event(PeerReply reply) {
        return switch (reply) {
            case PeerReply.Taken taken -> new MoveEvent.Taken();
            case PeerReply.Refused(String reason) -> new MoveEvent.Refused(reason);
            case PeerReply.Done other -> unexpected(other);
            case PeerReply.NetworkReady other -> unexpected(other);
            case PeerReply.Compared other -> unexpected(other);
            case PeerReply.Announced other -> unexpected(other);
            case PeerReply.Greeted other -> unexpected(other);
            case PeerReply.Failure other -> unexpected(other);
        };
    }

    private static MoveEvent unexpected(PeerReply reply) {
        throw new GodwitException(ErrorCode.CORRUPT, "the target answered an offer with " + reply);
    }

    private void requireGoing() {
        if (cancelled) {
            throw new GodwitException(ErrorCode.CONFLICT, "the move was cancelled");
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        serving().replicator().release();
        memory.close();
        PeerLine open;
        synchronized (this) {
            open = line;
        }
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void settle(Term term, Position end) throws InterruptedException {
        new Settlement(setting, move, options, measures, tunnel).run(term, end);
    }

    @Override
    public void undo(String reason) throws InterruptedException {
        // What had not begun when the move was cancelled may have begun since.
        cancel();
        setting.owner().serveAgain();
        tunnel.ifPresent(MoveTunnel::remove);
        tellTarget(reason);
    }

    /** The target also gives up by itself when it loses touch; this only spares it the wait. */
    private void tellTarget(String reason) {
        try {
            PeerLine.askOnce(link, new PeerRequest.Abort(record.name(), move.id(), reason), ASK_PATIENCE);
        } catch (GodwitException away) {
            LOG.log(Level.INFO, "{0} was not told of the abort: {1}", move.to(), away.sentence());
        }
    }
}
