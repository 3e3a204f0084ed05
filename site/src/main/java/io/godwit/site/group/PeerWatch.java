package io.godwit.site.group;

import io.godwit.api.WhenAlone;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.migration.Standing;
import io.godwit.migration.Standing.Verdict;
import io.godwit.replication.ReplicationStatus;
import io.godwit.replication.Waiting;
import io.godwit.site.peer.PeerLine;
import io.godwit.site.peer.PeerReply;
import io.godwit.site.peer.PeerRequest;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a site from serving a group that another site has taken over. Whoever owns a group, as far as it knows, tells the
 * peer so once a second, and hears who owns it as far as the peer knows; the one with the older term gives way at once.
 *
 * <p>After a restart the peer is asked before anything is served. If it doesn't answer, machines that are still running go on: nothing
 * speaks for it that the group was taken over. If there are none, the site may have been away for long, and the group's
 * definition says what to do.
 */
public final class PeerWatch implements AutoCloseable {
    private static final Logger LOG = System.getLogger(PeerWatch.class.getName());
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final GroupAgent agent;
    private final CountDownLatch ending = new CountDownLatch(1);
    private volatile boolean sure;
    private volatile String waiting = "";
    private volatile @Nullable OwnerNews news;
    private volatile @Nullable PeerLine line;
    private @Nullable Thread thread;

    PeerWatch(GroupAgent agent) {
        this.agent = agent;
    }

    /** @param known whether this process knows already that it may serve the group, if it is its own */
    void start(boolean known) {
        sure |= known;
        thread = Thread.ofPlatform().daemon().name("peer-watch-" + agent.name()).start(this::run);
    }

    /** Whether this process may serve the group if it is its own: it was just founded or taken over, or the peer was asked. */
    boolean sure() {
        return sure;
    }

    void beSure() {
        sure = true;
        waiting = "";
    }

    /** Why the group is not served though it is this site's, or empty. */
    String waiting() {
        return waiting;
    }

    void requireServed() {
        if (!sure) {
            throw GroupAgent.refusal("group %s is not served: %s"
                    .formatted(
                            agent.name(), waiting.isEmpty() ? "the other site is being asked who owns it" : waiting));
        }
    }

    /** What was heard of the owner, at a site that follows. */
    Optional<OwnerNews> news() {
        return Optional.ofNullable(news);
    }

    private void run() {
        try {
            do {
                if (agent.role() instanceof Serving serving) {
                    meet(serving);
                }
            } while (!ending.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException stopped) {
            LOG.log(Level.DEBUG, "the site is stopping", stopped);
        }
        hangUp();
    }

    /** Tells the peer at once what else it would hear within a second, if it can be reached. */
    void tell(Serving serving) {
        if (serving.replicator().status().connected()) {
            askApart(new PeerRequest.Greet(agent.name(), agent.standing(), log(serving)));
        }
    }

    /** Asks the peer once, and draws the conclusions. */
    void askOnce() throws IOException, InterruptedException {
        PeerRequest.Greet greeting = new PeerRequest.Greet(agent.name(), agent.standing(), Optional.empty());
        Optional<Standing> theirs = askApart(greeting);
        if (theirs.isPresent() && agent.standing().against(theirs.get()) == Verdict.REPLACED) {
            agent.succession().giveWay(theirs.get());
        }
    }

    /** What the peer answers in a conversation of its own; nothing if it can't be asked. */
    Optional<Standing> askApart(PeerRequest.Greet greeting) {
        try {
            return PeerLine.askOnce(agent.site().quickLinkTo(agent.peer()), greeting, PATIENCE)
                            instanceof PeerReply.Greeted(Standing theirs)
                    ? Optional.of(theirs)
                    : Optional.empty();
        } catch (GodwitException away) {
            LOG.log(Level.INFO, "group {0}: {1}", agent.name(), away.sentence());
            return Optional.empty();
        }
    }

    private void meet(Serving serving) throws InterruptedException {
        try {
            Optional<Standing> theirs = ask(serving);
            if (theirs.isPresent()) {
                heard(serving, theirs.get());
            } else if (!sure && !votersKnow()) {
                unanswered(serving);
            }
        } catch (IOException | RuntimeException failed) {
            LOG.log(Level.ERROR, "group {0}: {1}", agent.name(), String.valueOf(failed.getMessage()));
        }
    }

    private void heard(Serving serving, Standing theirs) throws IOException, InterruptedException {
        switch (agent.standing().against(theirs)) {
            case MINE -> {
                if (!sure && !votersKnow()) {
                    LOG.log(Level.INFO, "group {0}: {1} knows of no newer owner", agent.name(), agent.peer());
                    serve(serving);
                }
            }
            case REPLACED -> agent.succession().giveWay(theirs);
            case DISPUTED -> {
                waiting = "%s says that it owns the group in the same term %s: only people can judge that"
                        .formatted(agent.peer(), theirs.term());
                LOG.log(Level.ERROR, "group {0}: {1}", agent.name(), waiting);
            }
        }
    }

    private void unanswered(Serving serving) throws IOException, InterruptedException {
        boolean serves = agent.record().definition().whenAlone().orElse(WhenAlone.WAIT) == WhenAlone.SERVE;
        if (serving.guests().any() || serves) {
            LOG.log(Level.WARNING, "group {0}: {1} does not answer; it is served", agent.name(), agent.peer());
            serve(serving);
        } else if (waiting.isEmpty()) {
            waiting =
                    "%s does not answer, and may have taken the group over: it is served when %s says that it has not, or 'godwit failover %s' decides here"
                            .formatted(agent.peer(), agent.peer(), agent.name());
            LOG.log(Level.WARNING, "group {0} waits: {1}", agent.name(), waiting);
        }
    }

    /** Whether the voters decide about the group; else they will, once it is known whose it is. */
    private boolean votersKnow() {
        return agent.tenancy().flatMap(Tenancy::standing).isPresent();
    }

    private void serve(Serving serving) {
        if (agent.tenancy().isPresent()) {
            waiting = "the voters are being asked to register it";
            agent.tenancy().get().register();
        } else if (agent.upkeep().takeUp(serving)) {
            beSure();
        }
    }

    /** What the peer knows; nothing if it can't be asked, or doesn't know the group (any more, or yet). */
    private Optional<Standing> ask(Serving serving) {
        return ask(new PeerRequest.Greet(agent.name(), agent.standing(), log(serving)));
    }

    private Optional<PeerRequest.OwnersLog> log(Serving serving) {
        ReplicationStatus now = serving.replicator().status();
        boolean kept = now.mode().waiting() != Waiting.NOTHING;
        return Optional.of(new PeerRequest.OwnersLog(
                serving.store().durable(),
                System.currentTimeMillis(),
                agent.record().mode(),
                kept));
    }

    private Optional<Standing> ask(PeerRequest.Greet greeting) {
        try {
            PeerLine open = open();
            return open.ask(greeting, PATIENCE) instanceof PeerReply.Greeted(Standing theirs)
                    ? Optional.of(theirs)
                    : Optional.empty();
        } catch (GodwitException away) {
            Level level = away.code() == ErrorCode.UNREACHABLE ? Level.DEBUG : Level.INFO;
            LOG.log(level, "group {0}: {1}", agent.name(), away.sentence());
            hangUp();
            return Optional.empty();
        }
    }

    private PeerLine open() {
        PeerLine open = line;
        if (open == null) {
            open = PeerLine.open(agent.site().quickLinkTo(agent.peer()), agent.name());
            line = open;
        }
        return open;
    }

    private void hangUp() {
        PeerLine open = line;
        line = null;
        if (open != null) {
            open.close();
        }
    }

    /** Answers the peer's greeting, after having drawn the conclusions. */
    PeerReply greeted(PeerRequest.Greet greet) throws IOException, InterruptedException {
        if (agent.record().owner().equals(greet.standing().owner())) {
            learn(greet);
        } else if (agent.standing().against(greet.standing()) == Verdict.REPLACED) {
            agent.succession().giveWay(greet.standing());
        }
        return new PeerReply.Greeted(agent.standing());
    }

    private void learn(PeerRequest.Greet greet) {
        if (!(agent.role() instanceof Following) || greet.log().isEmpty()) {
            return;
        }
        news = new OwnerNews(System.nanoTime(), greet.log());
        agent.succession().note(greet.standing().term(), greet.log().get().mode());
    }

    @Override
    public void close() {
        ending.countDown();
        hangUp();
        Thread watching = thread;
        if (watching != null) {
            try {
                watching.join();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
