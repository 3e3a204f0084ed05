package io.godwit.voter;

import io.godwit.core.Deadline;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import io.godwit.link.ChannelKind;
import io.godwit.link.Link;
import io.godwit.link.LinkLimits;
import io.godwit.link.PeerChannel;
import io.godwit.link.SiteIdentity;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Questions to one peer. Each has a channel to itself until it is answered; channels are kept open for the next. Thread-safe. */
final class PeerCalls implements AutoCloseable {
    private static final LinkLimits LIMITS = new LinkLimits(
            Duration.ofSeconds(2),
            Duration.ofSeconds(3),
            LinkLimits.DEFAULT.strangers(),
            LinkLimits.DEFAULT.channels());

    /** After a channel could not be opened, nobody tries again for so long, twice as long each time: Raft would, forty times a second. */
    private static final Duration SHORTEST_REST = Duration.ofMillis(250);

    private static final Duration LONGEST_REST = Duration.ofSeconds(1);

    /** The same after a refusal, which a person has to end. */
    private static final Duration REFUSED_REST = Duration.ofSeconds(5);

    private final SiteName peer;
    private final Link link;
    private final Semaphore room;
    private final Set<PeerChannel> open = ConcurrentHashMap.newKeySet();
    private final Deque<PeerChannel> idle = new ArrayDeque<>();
    private boolean closed;
    private Duration rest = SHORTEST_REST;
    private long restUntil = System.nanoTime();
    private String lastFailure = "";

    /** @param channels how many questions may be open at once */
    PeerCalls(SiteIdentity identity, SiteName peer, int channels) {
        this.peer = peer;
        this.link = new Link(identity, peer, LIMITS);
        this.room = new Semaphore(channels, true);
    }

    /**
     * Asks and waits for the answer. Who is interrupted meanwhile leaves the question open: Raft gives a vote up that takes longer than it
     * has patience for, and if the channel were given up with it, the next vote would wait for a handshake once more, and never be in time.
     *
     * @return the body of the answer
     * @throws IOException if none came in that time, or a refusal; the question may have been heard all the same
     */
    byte[] ask(QuorumFrame question, Duration atMost) throws IOException {
        takeRoom(atMost);
        FutureTask<byte[]> answer = new FutureTask<>(() -> answer(question, atMost));
        Thread.ofVirtual().name("ask-" + peer).start(answer);
        try {
            return answer.get();
        } catch (InterruptedException stopped) {
            throw interrupted();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException said ? said : new IOException(failed);
        }
    }

    private byte[] answer(QuorumFrame question, Duration atMost) throws IOException {
        try {
            PeerChannel channel = channel();
            QuorumFrame answer = exchange(channel, question, atMost);
            keep(channel);
            return body(answer);
        } finally {
            room.release();
        }
    }

    private InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("stopped while asking " + peer);
    }

    private void takeRoom(Duration atMost) throws IOException {
        try {
            if (!room.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("too many questions to %s are open".formatted(peer));
            }
        } catch (InterruptedException stopped) {
            throw interrupted();
        }
    }

    private QuorumFrame exchange(PeerChannel channel, QuorumFrame question, Duration atMost) throws IOException {
        try (Deadline deadline = Deadline.on(channel, atMost)) {
            try {
                question.write(channel.output());
                return QuorumFrame.read(channel.input()).orElseThrow(() -> new IOException("it hung up"));
            } catch (IOException broken) {
                drop(channel);
                dropIdle();
                String why = deadline.passed() ? "not within %d ms".formatted(atMost.toMillis()) : broken.getMessage();
                throw new IOException("voter %s does not answer: %s".formatted(peer, why), broken);
            }
        }
    }

    private byte[] body(QuorumFrame answer) throws IOException {
        if (answer.kind() != QuorumFrame.Kind.ANSWER) {
            throw new IOException("voter %s: %s".formatted(peer, answer.text()));
        }
        return answer.body();
    }

    private PeerChannel channel() throws IOException {
        synchronized (this) {
            PeerChannel kept = idle.pollFirst();
            if (kept != null) {
                return kept;
            }
            if (restUntil - System.nanoTime() > 0) {
                throw new IOException(lastFailure);
            }
        }
        try {
            PeerChannel channel = link.open(ChannelKind.QUORUM, Optional.empty());
            open.add(channel);
            opened();
            return channel;
        } catch (GodwitException unreachable) {
            rest(unreachable);
            throw new IOException(unreachable.sentence(), unreachable);
        }
    }

    private synchronized void opened() {
        rest = SHORTEST_REST;
    }

    private synchronized void rest(GodwitException why) {
        boolean refused = why.code() == ErrorCode.DENIED || why.code() == ErrorCode.UNSUPPORTED;
        lastFailure = why.sentence();
        restUntil = System.nanoTime() + (refused ? REFUSED_REST : rest).toNanos();
        Duration longer = rest.multipliedBy(2);
        rest = longer.compareTo(LONGEST_REST) < 0 ? longer : LONGEST_REST;
    }

    private void drop(PeerChannel channel) throws IOException {
        open.remove(channel);
        channel.close();
    }

    private void keep(PeerChannel channel) throws IOException {
        synchronized (this) {
            if (!closed) {
                idle.addFirst(channel);
                return;
            }
        }
        drop(channel);
    }

    /** One channel has broken: the others have too, most likely, and it takes time to find out one by one. */
    private void dropIdle() throws IOException {
        for (PeerChannel channel = next(); channel != null; channel = next()) {
            drop(channel);
        }
    }

    private synchronized @Nullable PeerChannel next() {
        return idle.pollFirst();
    }

    /** Ends all channels; who waits for an answer gets none. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
        }
        for (PeerChannel channel : open) {
            drop(channel);
        }
    }
}
