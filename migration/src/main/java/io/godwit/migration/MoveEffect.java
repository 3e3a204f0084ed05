package io.godwit.migration;

import io.godwit.core.Position;
import io.godwit.core.Term;

/** What a state asks to be done outside; each is run once the state is persisted, and reports back as an event. */
public sealed interface MoveEffect {
    record Prepare(Subsystem subsystem) implements MoveEffect {}

    record Drain() implements MoveEffect {}

    record ProveSynchronous() implements MoveEffect {}

    record CopyRound(int number) implements MoveEffect {}

    record Quiesce() implements MoveEffect {}

    record Offer(Term term, Position end) implements MoveEffect {}

    /** Ask the target what became of the offer; asking makes it refuse if it has not taken. */
    record AskOutcome(Term term) implements MoveEffect {}

    record Settle(Term term, Position end) implements MoveEffect {}

    record Undo() implements MoveEffect {}
}
