package io.godwit.migration;

import io.godwit.core.Position;
import io.godwit.core.Term;

/** What can happen to a move at its source. */
public sealed interface MoveEvent {
    /** A subsystem is ready for the final switch. */
    record Prepared(Subsystem subsystem) implements MoveEvent {}

    /** Nothing is pending any more, and flushes wait for the target from now on. */
    record Drained() implements MoveEvent {}

    /** A position written after the drain is on the target's disk. */
    record SynchronousProved() implements MoveEvent {}

    record RoundDone(RoundFacts facts) implements MoveEvent {}

    /** The guest is stopped and this site's disks are fenced at {@code end}; the group is going to be offered under {@code term}. */
    record Fenced(Term term, Position end) implements MoveEvent {}

    /** After {@link Fenced}: the target holds all memory and disk state. */
    record Quiesced() implements MoveEvent {}

    /** The target answered that the group is its own now. */
    record Taken() implements MoveEvent {}

    /** The target answered that it has not taken the group and never will under this move. */
    record Refused(String reason) implements MoveEvent {}

    /** No answer: the target may have heard the offer or not. */
    record Unanswered() implements MoveEvent {}

    record Settled() implements MoveEvent {}

    record Undone() implements MoveEvent {}

    /** An effect failed, the link went away, or the user changed their mind. */
    record Failed(String reason) implements MoveEvent {}

    /** The daemon was started and found this move persisted. */
    record Restarted() implements MoveEvent {}
}
