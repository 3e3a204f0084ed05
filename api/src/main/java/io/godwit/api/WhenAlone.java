package io.godwit.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a group's owner does after a restart that its machines did not survive, while it can't ask the other site who owns the group. */
public enum WhenAlone {
    /** Nothing, until the other site answers or an operator decides. */
    @JsonProperty("wait")
    WAIT,
    /** It serves. If it was replaced meanwhile, two sites serve until they can talk. */
    @JsonProperty("serve")
    SERVE
}
