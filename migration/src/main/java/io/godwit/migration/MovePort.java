package io.godwit.migration;

import io.godwit.core.Position;
import io.godwit.core.Term;
import java.util.function.Consumer;

/**
 * What the coordinator asks of the site to carry out a move from here. Each call blocks until it is done; one that cannot be done
 * throws {@link io.godwit.core.GodwitException} with the reason. Every call can be repeated after a restart.
 */
public interface MovePort {
    void prepare(Subsystem subsystem) throws InterruptedException;

    /** Ships what is pending and makes flushes wait for the target from then on. */
    void drain() throws InterruptedException;

    void proveSynchronous() throws InterruptedException;

    RoundFacts copyRound(int number) throws InterruptedException;

    /** Diverts, pauses, copies the last of memory and disk, and fences this site's disks; {@code fenced} is told of that as soon as it is so. */
    void quiesce(Consumer<MoveEvent.Fenced> fenced) throws InterruptedException;

    /** Offers the group and waits for the answer: {@code Taken}, {@code Refused} or {@code Unanswered}. */
    MoveEvent offer(Term term, Position end) throws InterruptedException;

    /** Asks, until there is an answer: {@code Taken} or {@code Refused}. */
    MoveEvent askOutcome(Term term) throws InterruptedException;

    /** Turns this site into the follower, withdraws its route and tears the tunnel down when it is silent. */
    void settle(Term term, Position end) throws InterruptedException;

    /** Makes every other call that is under way end soon, if need be with an exception; returns at once. */
    void cancel();

    /** Puts back whatever had been done, so that the service runs here, replicating asynchronously. */
    void undo(String reason) throws InterruptedException;
}
