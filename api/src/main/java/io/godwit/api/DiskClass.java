package io.godwit.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of what is written to a disk. */
public enum DiskClass {
    /** It is in the group's log, in one order with the other disks' writes, and at the other site. */
    @JsonProperty("replicated")
    REPLICATED,
    /** It stays at the site where it was written. Wherever the group goes, the disk is empty there. */
    @JsonProperty("scratch")
    SCRATCH
}
