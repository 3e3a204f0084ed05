package io.godwit.voter;

import java.nio.file.Path;

/** Where Raft keeps its log, its snapshots and its vote below a voter's directory. */
record RaftStore(Path directory) {
    static final String NAME = "raft";

    static RaftStore of(Path voterDirectory) {
        return new RaftStore(voterDirectory.resolve(NAME));
    }

    /** The files of one list of voters, whose names Ratis chooses. */
    SyncedDirectory current(VoterList voters) {
        return new SyncedDirectory(directory
                .resolve(voters.group().getGroupId().getUuid().toString())
                .resolve("current"));
    }
}
