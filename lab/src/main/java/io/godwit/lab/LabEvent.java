package io.godwit.lab;

import java.time.Instant;

/** Something that happened in a lab. Numbers begin at 1 and have no gaps, so who polls can tell whether some were missed. */
public record LabEvent(long number, Instant at, Kind kind, String subject, String detail) {
    public enum Kind {
        LAB_READY,
        PROCESS_STARTED,
        PROCESS_ENDED,
        LINK_RESHAPED,
        LINK_DOWN,
        LINK_UP
    }
}
