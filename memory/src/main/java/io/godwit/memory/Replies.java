package io.godwit.memory;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** What the receiver answers, read by a thread of its own so that its pulses are heard while the sender writes. */
final class Replies {
    /** The receiver answers a question at a time; more than these unread answers is a broken receiver. */
    private static final int MAX_UNREAD = 8;

    /** How long a refusal may take to be read after the channel broke. */
    private static final Duration LAST_WORD = Duration.ofMillis(500);

    private sealed interface Reply {
        record Answer(Frame frame) implements Reply {}

        record Broken(IOException cause) implements Reply {}

        record Faulty(RuntimeException cause) implements Reply {}
    }

    private final BlockingQueue<Reply> unread = new ArrayBlockingQueue<>(MAX_UNREAD + 1);
    private final Lifeline lifeline;

    Replies(Lifeline lifeline) {
        this.lifeline = lifeline;
        Thread.ofVirtual().name("memory-replies").start(this::readAll);
    }

    private void readAll() {
        try {
            while (unread.size() < MAX_UNREAD) {
                Frame frame = lifeline.reader().next();
                if (!(frame instanceof Frame.Pulse)) {
                    unread.add(new Reply.Answer(frame));
                }
            }
            unread.add(new Reply.Faulty(Corruption.found("answers that nobody asked for")));
        } catch (IOException failure) {
            unread.add(new Reply.Broken(lifeline.explain(failure)));
        } catch (RuntimeException failure) {
            unread.add(new Reply.Faulty(failure));
        }
    }

    /** Waits for the answer {@code expected}; anything else, also the channel's end, is thrown. */
    void expect(Frame expected) throws IOException, InterruptedException {
        Frame answer = answer(unread.take());
        if (!answer.equals(expected)) {
            throw Corruption.found("the answer %s instead of %s".formatted(answer, expected));
        }
    }

    /** Waits for an answer of that type; anything else, also the channel's end, is thrown. */
    <F extends Frame> F expect(Class<F> type) throws IOException, InterruptedException {
        Frame answer = answer(unread.take());
        if (!type.isInstance(answer)) {
            throw Corruption.found("the answer %s instead of one of type %s".formatted(answer, type.getSimpleName()));
        }
        return type.cast(answer);
    }

    /** A write failed: throws the receiver's refusal if that is why, otherwise returns the failure itself. */
    IOException explain(IOException failure) throws InterruptedException {
        Reply reply = unread.poll(LAST_WORD.toMillis(), TimeUnit.MILLISECONDS);
        if (reply instanceof Reply.Answer(Frame.Refused refused)) {
            throw refusal(refused);
        }
        return broken(lifeline.explain(failure));
    }

    private static IOException broken(IOException cause) {
        String why = cause.getMessage() == null ? "the other side closed it" : cause.getMessage();
        return new IOException("the memory channel broke: " + why, cause);
    }

    private Frame answer(Reply reply) throws IOException {
        return switch (reply) {
            case Reply.Answer(Frame.Refused refused) -> throw refusal(refused);
            case Reply.Answer(Frame frame) -> frame;
            case Reply.Broken(IOException cause) -> throw broken(cause);
            case Reply.Faulty(RuntimeException cause) -> throw cause;
        };
    }

    private static GodwitException refusal(Frame.Refused refused) {
        return new GodwitException(ErrorCode.FAILED, "the other site refused the RAM: " + refused.sentence());
    }
}
