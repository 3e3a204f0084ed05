package io.godwit.lab.keeper;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.lab.LabEvent;
import io.godwit.lab.LabStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A keeper's answer: either why it refused, or the lab as it is after the request was done, with events if they were asked for. */
public record ControlAnswer(
        @Nullable ErrorCode code,
        @Nullable String sentence,
        @Nullable LabStatus status,
        List<LabEvent> events) {
    static ControlAnswer done(LabStatus status, List<LabEvent> events) {
        return new ControlAnswer(null, null, status, events);
    }

    static ControlAnswer refused(GodwitException why) {
        return new ControlAnswer(why.code(), why.sentence(), null, List.of());
    }

    /** This answer's content, or its refusal as an exception. */
    public Done orThrow() {
        if (status == null) {
            throw new GodwitException(code == null ? ErrorCode.FAILED : code, String.valueOf(sentence));
        }
        return new Done(status, events);
    }

    /** What a request that was carried out brought back. */
    public record Done(LabStatus status, List<LabEvent> events) {}
}
