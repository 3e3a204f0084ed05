package io.godwit.voter;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import io.godwit.link.PeerChannel;
import io.godwit.link.SiteIdentity;
import io.godwit.quorum.Quorum;
import io.godwit.quorum.QuorumAnswer;
import io.godwit.quorum.QuorumCommand;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One of the voters, inside the daemon of a site or of a witness. A voter that can't do its work (its disk is full, its votes are lost) is
 * one all the same: it says so, answers nobody, and leaves the decisions to the others. It does not come back before its daemon is restarted.
 */
public final class Voter implements Quorum, AutoCloseable {
    private static final Logger LOG = System.getLogger(Voter.class.getName());

    /** Channels to one voter, at once: for Raft's own messages, and for commands. */
    private static final int RAFT_CHANNELS = 4;

    private static final int ASK_CHANNELS = 16;

    /** Channels of one voter that are served at once. */
    private static final int SERVED_CHANNELS = RAFT_CHANNELS + ASK_CHANNELS + 4;

    /** With less room than this for its log, a voter complains. */
    private static final long LEAST_FREE_BYTES = 64L << 20;

    private final SiteName own;
    private final VoterList voters;
    private final Path directory;
    private final Applied applied = new Applied();
    private final AtomicReference<Optional<String>> broken = new AtomicReference<>(Optional.empty());
    private final Map<SiteName, PeerCalls> raftCalls = new HashMap<>();
    private final Map<SiteName, PeerCalls> askCalls = new HashMap<>();
    private final Map<SiteName, Semaphore> served = new HashMap<>();
    private final Set<PeerChannel> open = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Optional<Raft>> started = new CompletableFuture<>();
    private final Optional<Raft> raft;
    private final Asking asking;
    private final Pulse pulse;
    private volatile boolean closed;

    private Voter(SiteIdentity identity, VoterList voters, Path directory, int snapshotEvery) {
        this.own = identity.name();
        this.voters = voters;
        this.directory = directory;
        for (SiteName other : voters.others(own)) {
            raftCalls.put(other, new PeerCalls(identity, other, RAFT_CHANNELS));
            askCalls.put(other, new PeerCalls(identity, other, ASK_CHANNELS));
            served.put(other, new Semaphore(SERVED_CHANNELS));
        }
        this.raft = start(identity, snapshotEvery);
        started.complete(raft);
        Map<SiteName, AskLine> lines = new HashMap<>();
        askCalls.forEach((other, calls) -> lines.put(other, new AskLine(other, calls)));
        this.asking = new Asking(own, voters, lines, raft.map(Raft::submission));
        this.pulse = new Pulse(voters, raftCalls);
    }

    /**
     * Begins to vote, or goes on where an earlier run has stopped. What keeps it from voting, it says in {@link #trouble}.
     *
     * @param directory where it keeps what was decided and what it has voted; made if this site never voted before
     * @throws GodwitException if this site is not among the voters
     */
    public static Voter open(SiteIdentity identity, VoterList voters, Path directory) {
        return open(identity, voters, directory, RaftSettings.SNAPSHOT_EVERY);
    }

    static Voter open(SiteIdentity identity, VoterList voters, Path directory, int snapshotEvery) {
        voters.requireOwn(identity.name());
        return new Voter(identity, voters, directory, snapshotEvery);
    }

    /** Whatever is wrong with the directory or what is in it, the daemon has other work that goes on. */
    private Optional<Raft> start(SiteIdentity identity, int snapshotEvery) {
        try {
            Membership.take(identity, voters, directory);
            return Optional.of(Raft.start(
                    own,
                    voters,
                    directory,
                    snapshotEvery,
                    raftCalls,
                    new PassingOn(askCalls),
                    applied,
                    this::breakOff));
        } catch (GodwitException refused) {
            breakOff(refused.sentence());
        } catch (IOException | RuntimeException failed) {
            LOG.log(Level.WARNING, "the voter could not be started", failed);
            breakOff("%s cannot be used: %s".formatted(directory, rootOf(failed)));
        }
        return Optional.empty();
    }

    private static String rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    /** Stops for good. Called on Ratis' own threads, which it must not wait for. */
    private void breakOff(String sentence) {
        if (broken.compareAndSet(Optional.empty(), Optional.of("this voter has stopped: " + sentence))) {
            LOG.log(Level.ERROR, "the voter of {0} has stopped: {1}", own, sentence);
            Thread.ofPlatform().daemon().name("voter-stop").start(this::stopRaft);
        }
    }

    private void stopRaft() {
        try {
            hangUp();
            Optional<Raft> running = started.join();
            if (running.isPresent()) {
                running.get().close();
            }
        } catch (IOException failed) {
            LOG.log(Level.WARNING, "the voter did not stop cleanly", failed);
        }
    }

    /** A peer should rather find this voter gone than hear from it that it doesn't work. */
    private void hangUp() throws IOException {
        for (PeerChannel channel : open) {
            channel.close();
        }
    }

    @Override
    public Optional<QuorumAnswer> ask(QuorumCommand command, Duration atMost) throws InterruptedException {
        return asking.ask(command, atMost);
    }

    @Override
    public Agreed agreed() {
        return applied.now();
    }

    @Override
    public Agreed awaitAfter(long version, Duration atMost) throws InterruptedException {
        return applied.awaitAfter(version, atMost);
    }

    /** Who leads the voters, as far as this one knows. */
    public Optional<SiteName> leader() {
        return raft.filter(running -> !running.stopped())
                .flatMap(running -> running.submission().leader());
    }

    Optional<Submission> submission() {
        return raft.map(Raft::submission);
    }

    public VoterList voters() {
        return voters;
    }

    /** Refuses what would make a stranger of another voter. */
    public void requireNoVoter(SiteName peer) {
        if (voters.names().contains(peer)) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "%s decides with %s: take it off the list of voters first (docs/witness.md)".formatted(own, peer));
        }
    }

    /** The voters that are heard by this one, itself included. */
    public List<SiteName> reachable() {
        return voters.names().stream()
                .filter(name -> name.equals(own) ? works() : pulse.silence(name).isEmpty())
                .toList();
    }

    private boolean works() {
        return !closed
                && broken.get().isEmpty()
                && raft.filter(running -> !running.stopped()).isPresent();
    }

    /** A sentence if this voter can't do its work, or the voters can't decide, or one of them is missing. */
    public Optional<String> trouble() {
        return broken.get()
                .or(() -> works() ? Optional.empty() : Optional.of("this voter has stopped; the daemon's log says why"))
                .or(this::noRoom)
                .or(this::noLeader)
                .or(this::noLog)
                .or(() -> silences().stream().findFirst());
    }

    /** Why other voters aren't heard, a sentence each. */
    public List<String> silences() {
        return voters.others(own).stream()
                .map(pulse::silence)
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<String> noRoom() {
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            return free < LEAST_FREE_BYTES
                    ? Optional.of("%s has %d MiB left, and a voter whose disk is full cannot vote"
                            .formatted(directory, free >> 20))
                    : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.of("%s cannot be read: %s".formatted(directory, unreadable.getMessage()));
        }
    }

    private Optional<String> noLeader() {
        return leader().isPresent()
                ? Optional.empty()
                : Optional.of("the voters cannot decide just now: of %s this one hears %s, and %d are needed"
                        .formatted(voters, reachable().isEmpty() ? "none" : new Words(reachable()), voters.majority()));
    }

    private Optional<String> noLog() {
        return submission().filter(Submission::hasLog).isPresent()
                ? Optional.empty()
                : Optional.of("this voter has not heard yet what was decided: until it has, its vote does not count");
    }

    private record Words(List<SiteName> names) {
        @Override
        public String toString() {
            return String.join(", ", names.stream().map(SiteName::value).toList());
        }
    }

    /**
     * Decides whether a peer may open a channel to this voter.
     *
     * @throws GodwitException to refuse
     */
    public void admit(SiteName peer) {
        if (!served.containsKey(peer)) {
            throw new GodwitException(
                    ErrorCode.DENIED, "%s is not a voter here: site %s decides with %s".formatted(peer, own, voters));
        }
        if (!works()) {
            throw new GodwitException(ErrorCode.UNREACHABLE, trouble().orElse("this voter has stopped"));
        }
    }

    /** Answers another voter on a channel that it has opened, until it ends. */
    public void handle(PeerChannel channel) throws IOException, InterruptedException {
        admit(channel.peer());
        Semaphore room = served.get(channel.peer());
        if (room == null || !room.tryAcquire()) {
            throw new GodwitException(
                    ErrorCode.CONFLICT, "%s has too many channels open to this voter".formatted(channel.peer()));
        }
        open.add(channel);
        try {
            admit(channel.peer());
            raft.orElseThrow().desk().serve(channel);
        } finally {
            open.remove(channel);
            room.release();
        }
    }

    /** Stops voting; the others go on, if they are enough. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        pulse.close();
        hangUp();
        for (PeerCalls calls : raftCalls.values()) {
            calls.close();
        }
        for (PeerCalls calls : askCalls.values()) {
            calls.close();
        }
        if (raft.isPresent()) {
            raft.get().close();
        }
    }
}
