package io.godwit.api;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of what is written to a disk, and who waits for it. */
public enum DiskClass {
    /**
     * It is in the group's log and at the other site; where the group's mode lets flushes or writes wait for that, this disk's wait, and
     * for nothing that async disks wrote. It was called {@code replicated} while there were no async disks.
     */
    @JsonProperty("sync")
    @JsonAlias("replicated")
    SYNC,
    /** It is in the group's log and at the other site; its flushes wait for neither, whatever the mode. */
    @JsonProperty("async")
    ASYNC,
    /** It stays at the site where it was written. Wherever the group goes, the disk is empty there. */
    @JsonProperty("scratch")
    SCRATCH
}
