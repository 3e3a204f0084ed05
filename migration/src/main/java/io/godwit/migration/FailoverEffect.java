package io.godwit.migration;

import io.godwit.core.Position;
import io.godwit.core.Term;
import java.util.Optional;

/** What a state of a failover asks to be done outside, once it is persisted; each reports back as an event, and may be repeated. */
public sealed interface FailoverEffect {
    /** Replace the group's record: the commit point. */
    record Decide(Term term) implements FailoverEffect {}

    /** Look whether an earlier daemon got so far as to replace it. */
    record LookUp(Term term) implements FailoverEffect {}

    record Promote(Term term, Optional<Position> at) implements FailoverEffect {}

    record Boot(Term term) implements FailoverEffect {}

    record Announce(Term term) implements FailoverEffect {}

    record AwaitFollower(Term term) implements FailoverEffect {}
}
