package io.godwit.site.group;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.memory.CheckpointId;
import io.godwit.volume.GroupStore;
import java.time.Duration;

/** The replica that the checkpoints of a group belong to at a site that follows. */
record FollowedReplica(GroupAgent agent) {
    private static final Duration LOG_PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOG_POLL = Duration.ofMillis(5);

    /**
     * Its store.
     *
     * @throws GodwitException CONFLICT if the group is not only followed here, or there is no complete copy
     */
    GroupStore require() {
        // Its end takes the machines' ports away.
        agent.move().filter(move -> !move.hasEnded()).ifPresent(move -> {
            throw GroupAgent.refusal("group %s is just being moved from here".formatted(agent.name()));
        });
        if (!(agent.role() instanceof Following following)
                || following.incoming().isPresent()) {
            throw GroupAgent.refusal("group %s is not only followed here".formatted(agent.name()));
        }
        return following
                .replica()
                .store()
                .filter(ready -> following.replica().status().upToDate())
                .orElseThrow(() ->
                        GroupAgent.refusal("the replica of group %s is not complete yet".formatted(agent.name())));
    }

    /**
     * Its store, when its log has come to a checkpoint: the disks could not go back to that before.
     *
     * @throws GodwitException FAILED if it doesn't in time; CONFLICT as {@link #require}, or if it is of another term
     */
    GroupStore awaitLog(CheckpointId id) throws InterruptedException {
        long deadline = System.nanoTime() + LOG_PATIENCE.toNanos();
        while (true) {
            GroupStore store = require();
            if (store.durable().reaches(id.position())) {
                if (!store.term().equals(id.term())) {
                    throw GroupAgent.refusal(
                            "the checkpoint is of term %s, the replica of term %s".formatted(id.term(), store.term()));
                }
                return store;
            }
            if (System.nanoTime() > deadline) {
                throw new GodwitException(
                        ErrorCode.FAILED,
                        "the log of group %s did not come to the checkpoint within %d s"
                                .formatted(agent.name(), LOG_PATIENCE.toSeconds()));
            }
            Thread.sleep(LOG_POLL);
        }
    }
}
