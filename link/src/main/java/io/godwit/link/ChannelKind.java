package io.godwit.link;

import java.util.Optional;

/** What a channel between two sites carries. The wire code is part of the protocol and never reused. */
public enum ChannelKind {
    /** Requests between the coordinators. */
    CONTROL(1),
    /** A group's log and the seeding of its replica. */
    REPLICATION(2),
    /** A virtual machine's memory and device state. */
    MEMORY(3),
    /** Digests of a group's disks, for a comparison of both copies. */
    VERIFY(4),
    /** What voters say to each other; for no group. */
    QUORUM(5),
    /** Checkpoints of the memory of a group's machines, one after the other. */
    CHECKPOINT(6);

    private final int code;

    ChannelKind(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static Optional<ChannelKind> ofCode(int code) {
        for (ChannelKind kind : values()) {
            if (kind.code == code) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
