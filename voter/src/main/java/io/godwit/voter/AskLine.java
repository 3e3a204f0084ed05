package io.godwit.voter;

import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import io.godwit.core.json.Json;
import io.godwit.voter.QuorumFrame.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Commands on their way to one voter. What comes while many are on their way goes together with the next: so it is not the distance that limits how
 * many get through. Thread-safe.
 */
final class AskLine {
    /** Batches on their way at once. What is passed on for others needs channels as well. */
    private static final int BATCHES = 8;

    private final SiteName peer;
    private final PeerCalls calls;
    private final Semaphore free = new Semaphore(BATCHES);
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

    private record Waiting(Ask ask, CompletableFuture<Ask.Reply> reply) {}

    AskLine(SiteName peer, PeerCalls calls) {
        this.peer = peer;
        this.calls = calls;
    }

    /**
     * Asks and waits for the reply.
     *
     * @throws IOException if none came in that time, or a refusal; the command may have been heard all the same
     */
    Ask.Reply put(Ask ask, Duration atMost) throws IOException, InterruptedException {
        Waiting own = new Waiting(ask, new CompletableFuture<>());
        waiting.add(own);
        send();
        try {
            return own.reply().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new IOException("voter %s has not replied within %d ms".formatted(peer, atMost.toMillis()), late);
        } catch (ExecutionException failed) {
            throw new IOException(failed.getCause());
        } finally {
            waiting.remove(own);
        }
    }

    private void send() {
        while (!waiting.isEmpty() && free.tryAcquire()) {
            List<Waiting> together = together();
            Thread.ofVirtual().name("ask-" + peer).start(() -> {
                try {
                    exchange(together);
                } finally {
                    free.release();
                    send();
                }
            });
        }
    }

    private List<Waiting> together() {
        List<Waiting> together = new ArrayList<>();
        for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            together.add(next);
            if (together.size() == Asks.MOST) {
                break;
            }
        }
        return together;
    }

    private void exchange(List<Waiting> together) {
        if (together.isEmpty()) {
            return;
        }
        try {
            List<Ask.Reply> replies =
                    replies(new Asks(together.stream().map(Waiting::ask).toList()));
            for (int i = 0; i < together.size(); i++) {
                together.get(i).reply().complete(replies.get(i));
            }
        } catch (IOException | RuntimeException failed) {
            together.forEach(one -> one.reply().completeExceptionally(failed));
        }
    }

    private List<Ask.Reply> replies(Asks asks) throws IOException {
        return ask(calls, peer, Kind.ASK, asks).replies();
    }

    /**
     * Puts commands to a voter at once, with the patience that they have.
     *
     * @throws IOException if no reply came in time, or one that doesn't fit
     * @throws GodwitException if the reply is none
     */
    static Asks.Replies ask(PeerCalls calls, SiteName peer, Kind kind, Asks asks) throws IOException {
        byte[] answer = calls.ask(new QuorumFrame(kind, Json.bytes(asks)), asks.patience());
        Asks.Replies replies = Json.read(answer, Asks.Replies.class, "the answer of voter " + peer);
        if (replies.replies().size() != asks.asks().size()) {
            throw new IOException("voter %s was asked %d times and replied %d times"
                    .formatted(peer, asks.asks().size(), replies.replies().size()));
        }
        return replies;
    }
}
