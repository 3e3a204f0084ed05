package io.godwit.site.group;

import io.godwit.api.ReplicationMode;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import io.godwit.link.PeerChannel;
import io.godwit.migration.HandOver;
import io.godwit.migration.MoveId;
import io.godwit.network.Preference;
import io.godwit.site.files.GroupRecord;
import io.godwit.site.move.IncomingMove;
import io.godwit.site.move.MoveTunnel;
import io.godwit.site.peer.PeerReply;
import io.godwit.site.peer.PeerRequest;
import io.godwit.volume.GroupStore;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/** A site's part in moves towards it: it answers the source's coordinator, decides on the offer, and takes the group over. */
public final class GroupTarget {
    private static final Logger LOG = System.getLogger(GroupTarget.class.getName());
    private static final Duration TAKEN_DOWN_WITHIN = Duration.ofSeconds(10);
    private static final Duration KNOWN_WITHIN = TAKEN_DOWN_WITHIN.plusSeconds(10);
    private static final Duration KNOWN_POLL = Duration.ofMillis(20);
    private static final Duration CATCHING_UP = Duration.ofMillis(250);

    private final GroupAgent agent;
    private volatile Optional<Arrival> arrival = Optional.empty();
    private Optional<TakeOver> takeOver = Optional.empty();

    GroupTarget(GroupAgent agent) {
        this.agent = agent;
    }

    public PeerReply answer(PeerRequest request) {
        try {
            return switch (request) {
                case PeerRequest.DefineGroup define -> defined(define);
                case PeerRequest.PrepareServer prepare -> prepareServer(prepare);
                case PeerRequest.PrepareNetwork prepare ->
                    awaitIncoming(prepare.move()).prepareNetwork(prepare);
                case PeerRequest.KeepHistory keep -> {
                    agent.history().keep(keep.bounds());
                    yield new PeerReply.Done();
                }
                case PeerRequest.KeepCheckpoints keep -> {
                    agent.memory().protect(keep.wish());
                    yield new PeerReply.Done();
                }
                case PeerRequest.KeepObjective keep -> {
                    new MechanismDesk(agent).keep(keep.objective());
                    yield new PeerReply.Done();
                }
                case PeerRequest.KeepDefinition keep -> {
                    new DefinitionDesk(agent).keep(keep.definition());
                    yield new PeerReply.Done();
                }
                case PeerRequest.AskReady ask -> ready(ask);
                case PeerRequest.Offer offer -> offered(offer);
                case PeerRequest.AskOutcome ask -> outcome(ask.move(), "the source asked before it was taken");
                case PeerRequest.Abort abort -> outcome(abort.move(), abort.reason());
                case PeerRequest.CompareMemory compare ->
                    new PeerReply.Compared(arrived(compare.move())
                            .map(moved -> moved.move().differingPages(compare.vm(), compare.decoded()))
                            .orElse(-1L));
                case PeerRequest.CompareDisks compare -> compareDisks(compare);
                case PeerRequest.AskAnnounced ask ->
                    new PeerReply.Announced(agent.role() instanceof Serving serving && serving.announced());
                case PeerRequest.CloseTunnel close -> {
                    closeTunnel(close.move());
                    yield new PeerReply.Done();
                }
                case PeerRequest.Greet greet -> agent.watch().greeted(greet);
                case PeerRequest.ForgetGroup forget -> {
                    agent.removal().forget(forget);
                    yield new PeerReply.Done();
                }
            };
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new GodwitException(ErrorCode.FAILED, "the site is stopping");
        } catch (IOException failed) {
            throw new GodwitException(ErrorCode.FAILED, String.valueOf(failed.getMessage()), failed);
        }
    }

    private PeerReply defined(PeerRequest.DefineGroup define) {
        boolean same = agent.record().definition().equals(define.definition())
                && agent.record().machine().equals(define.machine())
                && agent.record().term().equals(define.term());
        boolean empty = agent.role() instanceof Following following
                && following.replica().store().isEmpty();
        if (!same || !empty) {
            throw GroupAgent.refusal(
                    "site %s has a group of the name %s already: 'godwit group remove %s --here' there puts it aside"
                            .formatted(agent.site().name(), agent.name(), agent.name()));
        }
        return new PeerReply.Done();
    }

    private PeerReply prepareServer(PeerRequest.PrepareServer request) throws IOException, InterruptedException {
        awaitTakenDown();
        agent.changing().lock();
        try {
            if (!(agent.role() instanceof Following following)) {
                throw GroupAgent.refusal("group %s runs here".formatted(agent.name()));
            }
            abandonIncoming(following, "another move began");
            GroupStore store = following
                    .replica()
                    .store()
                    .filter(ready -> following.replica().status().upToDate())
                    .orElseThrow(() ->
                            GroupAgent.refusal("the replica of group %s is not complete yet".formatted(agent.name())));
            agent.memory().standby().dismiss();
            agent.save(agent.record().with(new HandOver.Undecided(request.move())));
            IncomingMove fresh = new IncomingMove(
                    agent.site(),
                    agent.files(),
                    agent.record(),
                    request.move(),
                    request.compare(),
                    store,
                    agent.lease());
            following.expect(fresh);
            try {
                fresh.prepareServer();
            } catch (IOException | RuntimeException failed) {
                abandonIncoming(following, String.valueOf(failed.getMessage()));
                throw failed;
            }
            return new PeerReply.Done();
        } finally {
            agent.changing().unlock();
        }
    }

    private void awaitTakenDown() throws InterruptedException {
        if (agent.role() instanceof Following && !agent.source().awaitTakenDown(TAKEN_DOWN_WITHIN)) {
            throw GroupAgent.refusal(
                    "site %s has not taken down yet what moved group %s away from there: try again in a moment"
                            .formatted(agent.site().name(), agent.name()));
        }
    }

    private IncomingMove incoming(MoveId id) {
        return Optional.of(agent.role())
                .filter(Following.class::isInstance)
                .flatMap(now -> ((Following) now).incoming())
                .filter(found -> found.id().equals(id))
                .orElseThrow(() -> GroupAgent.refusal("move %s is not under way here".formatted(id)));
    }

    /** The signals to server and network are sent side by side; the server's makes the move known here. */
    private IncomingMove awaitIncoming(MoveId id) throws InterruptedException {
        long deadline = System.nanoTime() + KNOWN_WITHIN.toNanos();
        while (System.nanoTime() < deadline) {
            if (agent.role() instanceof Following following
                    && following
                            .incoming()
                            .filter(found -> found.id().equals(id))
                            .isPresent()) {
                break;
            }
            Thread.sleep(KNOWN_POLL);
        }
        return incoming(id);
    }

    /** The session of a move's coordinator has ended: what is not taken by now never will be. */
    public void lostTouch(MoveId id) {
        outcome(id, "the link to the source was lost");
    }

    private PeerReply ready(PeerRequest.AskReady ask) throws IOException {
        IncomingMove coming = incoming(ask.move());
        coming.digestMemory();
        String obstacle = coming.obstacle();
        if (!obstacle.isEmpty()) {
            throw GroupAgent.refusal(obstacle);
        }
        prepareTakeOver(coming);
        return new PeerReply.Done();
    }

    /** Takes for granted what an offer would say; {@link #take} looks again. */
    private void prepareTakeOver(IncomingMove coming) {
        agent.changing().lock();
        try {
            GroupRecord now = agent.record();
            GroupRecord expected = taken(
                    new HandOver.Taken(coming.id(), now.term().next()),
                    now.mode(),
                    now.term().next());
            if (incoming(coming.id()) == coming && decision(coming.id()) instanceof HandOver.Undecided) {
                readyFor(expected, coming);
            }
        } finally {
            agent.changing().unlock();
        }
    }

    private GroupRecord taken(HandOver decision, ReplicationMode mode, Term term) {
        return agent.record().with(decision).with(mode).ownedBy(agent.site().name(), term);
    }

    private TakeOver readyFor(GroupRecord record, IncomingMove move) {
        if (takeOver.filter(ready -> ready.record().equals(record)).isEmpty()) {
            discardTakeOver();
            takeOver = Optional.of(TakeOver.prepare(agent.site(), agent.files(), record, move));
        }
        return takeOver.orElseThrow();
    }

    private void discardTakeOver() {
        takeOver.ifPresent(TakeOver::discard);
        takeOver = Optional.empty();
    }

    private PeerReply offered(PeerRequest.Offer offer) throws InterruptedException {
        agent.changing().lock();
        try {
            if (!(agent.role() instanceof Following following)) {
                return outcome(offer.move(), "");
            }
            Optional<IncomingMove> ready =
                    following.incoming().filter(found -> found.id().equals(offer.move()));
            String obstacle = ready.isEmpty()
                    ? "nothing is prepared here for this move"
                    : ready.get().obstacle(offer.end(), following.replica());
            if (obstacle.isEmpty()
                    && agent.tenancy().isPresent()
                    && decision(offer.move()) instanceof HandOver.Undecided) {
                obstacle = agent.tenancy().get().accept(offer.term());
            }
            HandOver decision = decision(offer.move()).offered(offer.term(), obstacle);
            if (decision instanceof HandOver.Taken) {
                take(following, ready.orElseThrow(), decision, offer);
                return new PeerReply.Taken();
            }
            return outcome(offer.move(), obstacle);
        } finally {
            agent.changing().unlock();
        }
    }

    private HandOver decision(MoveId id) {
        return agent.record()
                .handOver()
                .filter(known -> known.move().equals(id))
                .orElse(new HandOver.Refused(id, "this move is not known here"));
    }

    /** The commit point: once the record is saved the group is this site's, whatever happens next. */
    private void take(Following following, IncomingMove ready, HandOver decision, PeerRequest.Offer offer) {
        TakeOver prepared = readyFor(taken(decision, offer.mode(), offer.term()), ready);
        agent.commit(prepared);
        takeOver = Optional.empty();
        Serving serving = prepared.serving();
        arrival = Optional.of(new Arrival(ready, MoveSource.stopAt(ready.front().store(), offer.end())));
        agent.become(serving);
        try {
            serving.takeOver(offer.term());
        } catch (IOException | RuntimeException failed) {
            LOG.log(Level.ERROR, "group " + agent.name() + " is this site's now, but does not run yet", failed);
        }
        Thread.ofVirtual().name("taking-over").start(() -> completeTakeOver(following, serving));
    }

    /** What the guest's pause need not wait for; it leaves the processors to the guest until that has caught up. */
    private void completeTakeOver(Following following, Serving serving) {
        agent.changing().lock();
        try {
            Thread.sleep(CATCHING_UP);
            following.replica().close();
            if (agent.role() == serving) {
                agent.upkeep().activate(serving, agent.record().term(), Preference.TAKING_OVER);
            }
        } catch (IOException | RuntimeException failed) {
            LOG.log(Level.ERROR, "group " + agent.name() + " was taken over, but not everything is in order", failed);
            Thread.ofVirtual().name("serve-again").start(() -> agent.upkeep().serveUntilItWorks(serving));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            agent.changing().unlock();
        }
    }

    /** What was decided about a move; if nothing was, it is refused now, and what was prepared is given back. */
    private PeerReply outcome(MoveId id, String reason) {
        agent.changing().lock();
        try {
            HandOver known = decision(id);
            HandOver closed = known.closed(reason);
            if (known instanceof HandOver.Undecided && closed instanceof HandOver.Refused refused) {
                agent.refuse(refused);
            }
            if (agent.role() instanceof Following following) {
                following.incoming().filter(found -> found.id().equals(id)).ifPresent(found -> {
                    following.expect(null);
                    discardTakeOver();
                    found.abandon();
                });
            }
            return switch (closed) {
                case HandOver.Taken taken -> new PeerReply.Taken();
                // Whoever asks may run the group if it was refused: not where it was taken over in another way
                // meanwhile.
                case HandOver.Refused refused when ownedHere() -> new PeerReply.Taken();
                case HandOver.Refused(MoveId move, String why) -> new PeerReply.Refused(why);
                case HandOver.Undecided undecided -> throw new IllegalStateException("closed, yet undecided");
            };
        } finally {
            agent.changing().unlock();
        }
    }

    private boolean ownedHere() {
        return agent.record().owner().equals(agent.site().name());
    }

    /** A failover has been decided: no move towards this site goes on. */
    void abandonIncoming(Following following) {
        abandonIncoming(following, "a failover was decided");
        forgetArrival();
    }

    private void abandonIncoming(Following following, String reason) {
        following.incoming().ifPresent(old -> outcome(old.id(), reason));
    }

    /** A new move begins: nobody will ask about the one that brought the group here. */
    void forgetArrival() {
        arrival.ifPresent(Arrival::endHold);
        arrival = Optional.empty();
    }

    private Optional<Arrival> arrived(MoveId id) {
        return arrival.filter(moved -> moved.move().id().equals(id));
    }

    private PeerReply compareDisks(PeerRequest.CompareDisks compare) throws InterruptedException {
        Optional<Arrival> moved = arrived(compare.move());
        return new PeerReply.Compared(moved.isEmpty() ? -1 : moved.get().differingDisks(compare.digests()));
    }

    /** Only the source knows that nothing comes by the old way any more: until it says so, clients may be led to it. */
    private void closeTunnel(MoveId id) {
        arrived(id).ifPresentOrElse(moved -> moved.move().closeTunnel(), () -> closeTunnelOfEarlierDaemon(id));
        if (agent.role() instanceof Serving serving) {
            serving.prefer(Preference.USUAL);
        }
    }

    /** All of a group's tunnels have one name: that of a later move must not be taken for the one that is meant. */
    private void closeTunnelOfEarlierDaemon(MoveId id) {
        agent.changing().lock();
        try {
            boolean latest = decision(id) instanceof HandOver.Taken && agent.role() instanceof Serving;
            if (latest && agent.move().filter(move -> !move.hasEnded()).isEmpty()) {
                MoveTunnel.remove(agent.site(), agent.name());
            }
        } finally {
            agent.changing().unlock();
        }
    }

    public void receiveMemory(PeerChannel channel) throws IOException, InterruptedException {
        DataInputStream preface = new DataInputStream(channel.input());
        MoveId id = new MoveId(preface.readUTF());
        VmName vm = new VmName(preface.readUTF());
        incoming(id).receive(vm, channel);
    }
}
