package io.godwit.api;

import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a drain of a site would do with each group that runs there, or what has become of it; {@code docs/drain.md} explains it.
 *
 * @param millisLeft until the deadline; negative when it has passed, empty if there is none
 * @param reason why it ended before all was done, or empty
 * @param groups in the order in which they leave: by priority
 */
public record DrainReport(
        SiteName site, Outcome outcome, Optional<Long> millisLeft, Optional<String> reason, List<Group> groups) {
    public DrainReport {
        groups = List.copyOf(groups);
    }

    public enum Outcome {
        /** Nothing was done: this is what would be. */
        PLANNED,
        UNDER_WAY,
        /** All groups have left. */
        DRAINED,
        /** Some are still there. */
        ENDED;

        public String word() {
            return wordOf(this);
        }
    }

    /** What becomes of a group, or has become of it. */
    public enum Fate {
        /** It will be moved live. */
        MOVE,
        /** It will be made synchronous. */
        SYNCHRONISE,
        /** Nothing can be done for it. */
        STAY,
        MOVING,
        /** It runs at its other site. */
        LEFT,
        /** It is still there, and what it acknowledges is at its other site as well. */
        SYNCHRONOUS;

        public String word() {
            return wordOf(this);
        }
    }

    /**
     * A group at the site.
     *
     * @param beginsMillis when its move is expected to begin, from now on, or when it began, since the drain did
     * @param move how long it is expected to take; empty of groups that this site could not take up
     * @param tookMillis what it has taken until the group ran at its other site
     * @param synchronisingMillis how long it is expected to take until it is synchronous, if it is to be made so
     * @param reason why it is not moved, or is still there
     * @param notes what to know of it besides
     */
    public record Group(
            GroupName group,
            Optional<SiteName> to,
            int priority,
            Fate fate,
            Optional<Long> beginsMillis,
            Optional<Estimate> move,
            Optional<Long> tookMillis,
            Optional<Long> synchronisingMillis,
            Optional<String> reason,
            List<String> notes) {
        public Group {
            notes = List.copyOf(notes);
        }
    }

    /**
     * What a live move is expected to take.
     *
     * @param basis {@code own-move}, {@code other-moves} or {@code assumed}
     * @param because what was measured, and what is assumed
     */
    public record Estimate(long millis, String basis, String because) {}

    private static String wordOf(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
