package io.godwit.migration;

import io.godwit.core.Position;

/** What can happen to a failover. */
public sealed interface FailoverEvent {
    /** The group's record says, on stable storage, that the group is this site's. */
    record Decided() implements FailoverEvent {}

    /** It doesn't, and won't. */
    record Refused(String reason) implements FailoverEvent {}

    /** Guests may write here; the history that was taken over ends at {@code end}. */
    record Promoted(Position end) implements FailoverEvent {}

    record Booted() implements FailoverEvent {}

    record Announced() implements FailoverEvent {}

    /** The former owner follows, and has caught up. */
    record Followed() implements FailoverEvent {}

    /** The other site has a newer term. */
    record Overtaken() implements FailoverEvent {}

    /** The daemon was started and found this failover persisted. */
    record Restarted() implements FailoverEvent {}
}
