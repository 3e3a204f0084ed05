package io.godwit.lab.keeper;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.godwit.lab.DaemonSpec;
import io.godwit.lab.Place;
import io.godwit.lab.wire.LinkShape;
import org.jspecify.annotations.Nullable;

/** What may be asked of a lab's keeper: one JSON object on one line. The answer is one line too, see {@link ControlAnswer}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "ask")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ControlRequest.Status.class, name = "status"),
    @JsonSubTypes.Type(value = ControlRequest.Events.class, name = "events"),
    @JsonSubTypes.Type(value = ControlRequest.ReshapeLink.class, name = "reshape-link"),
    @JsonSubTypes.Type(value = ControlRequest.SwitchLink.class, name = "switch-link"),
    @JsonSubTypes.Type(value = ControlRequest.Supervise.class, name = "supervise"),
    @JsonSubTypes.Type(value = ControlRequest.SteerProcess.class, name = "steer-process")
})
public sealed interface ControlRequest {
    record Status() implements ControlRequest {}

    /** The events after the one with this number. */
    record Events(long after) implements ControlRequest {}

    /** A new shape for the direction whose frames enter at {@code from}, or for both. */
    record ReshapeLink(String link, @Nullable Place from, LinkShape shape) implements ControlRequest {}

    record SwitchLink(String link, boolean up) implements ControlRequest {}

    record Supervise(DaemonSpec daemon) implements ControlRequest {}

    record SteerProcess(String process, ProcessAction action) implements ControlRequest {}

    enum ProcessAction {
        KILL,
        RESTART,
        STOP,
        /** At once, and not started again: as when the power goes. */
        CUT_OFF,
        /** It stands still (SIGSTOP), and is neither ended nor started. */
        PAUSE,
        /** It goes on after {@link #PAUSE}. */
        CONTINUE,
        START
    }
}
