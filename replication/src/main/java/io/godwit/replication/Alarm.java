package io.godwit.replication;

import java.util.Locale;

/** Something about a group's replication that its owner should know of now. */
public record Alarm(Kind kind, String sentence) {
    public enum Kind {
        LAG_BYTES,
        LAG_TIME,
        RPO_MISSED,
        WRITERS_STALLED,
        DEGRADED;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
