package io.godwit.site.inside;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which requests the next checkpoint answers, and when it may begin. A checkpoint answers those that came before it began; the others wait for
 * the next, together.
 *
 * <p>Not for several threads.
 *
 * @param <P> from where one asks
 */
final class Requests<P> {
    /** So many may wait from one place. */
    static final int MOST_FROM_ONE = 16;

    /** From the beginning of one checkpoint to that of the next, at least. */
    static final Duration APART = Duration.ofSeconds(1);

    /** A program at that place waits for an answer with this token. */
    record Request<P>(P from, String token) {}

    private final Set<Request<P>> waiting = new LinkedHashSet<>();
    private final Set<Request<P>> beingTaken = new LinkedHashSet<>();
    private Optional<Long> begunNanos = Optional.empty();

    /** One that is known already is answered once. False if too many wait from there. */
    boolean add(Request<P> request) {
        if (waiting.contains(request) || beingTaken.contains(request)) {
            return true;
        }
        long fromThere = waiting.stream()
                .filter(known -> known.from().equals(request.from()))
                .count();
        return fromThere < MOST_FROM_ONE && waiting.add(request);
    }

    /** How long until a checkpoint is to begin; empty if nobody waits for one. */
    Optional<Duration> rest(long nowNanos) {
        if (waiting.isEmpty()) {
            return Optional.empty();
        }
        long since = begunNanos.map(begun -> nowNanos - begun).orElse(APART.toNanos());
        return Optional.of(Duration.ofNanos(Math.max(0, APART.toNanos() - since)));
    }

    /** A checkpoint begins now: the requests that it answers. */
    List<Request<P>> begin(long nowNanos) {
        begunNanos = Optional.of(nowNanos);
        beingTaken.addAll(waiting);
        waiting.clear();
        return new ArrayList<>(beingTaken);
    }

    /** That checkpoint is there, or isn't to be. */
    void end() {
        beingTaken.clear();
    }

    /** Nobody there waits any more. */
    void forget(P from) {
        Predicate<Request<P>> there = request -> request.from().equals(from);
        waiting.removeIf(there);
        beingTaken.removeIf(there);
    }
}
