package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;

/**
 * How much of a record this site's log holds. It is the one field of a record that may differ from site to site, and no
 * checksum covers it; the codes differ from each other in half of their bits, so that no damage turns one into another.
 */
public enum RecordForm {
    /** All of it, and the disks as they are at its end are a point of the group's history. */
    WHOLE(0),
    /** All of it, but its end lies within a batch of which something was left out: no point. */
    OPEN(0x0f0f0f0f),
    /** The head alone: later records of the same batch replace everything that it wrote. No point. */
    ELIDED(0x33333333);

    private final int code;

    RecordForm(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static RecordForm of(int code) {
        for (RecordForm form : values()) {
            if (form.code == code) {
                return form;
            }
        }
        throw new GodwitException(ErrorCode.CORRUPT, "the log holds a record of unknown form %08x".formatted(code));
    }
}
