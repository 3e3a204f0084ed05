package io.godwit.site.group;

import io.godwit.api.CheckpointWish;
import io.godwit.api.GroupStatus;
import io.godwit.core.ByteCount;
import java.io.IOException;
import java.util.Optional;

/** What this site does for the memory of a group's machines: while they run here, and while the other site runs them. */
public final class MemoryProtection {
    private final GroupAgent agent;
    private final Standby standby;
    private final Checkpointing checkpointing;

    MemoryProtection(GroupAgent agent) {
        this.agent = agent;
        this.standby = new Standby(agent);
        this.checkpointing = new Checkpointing(agent);
    }

    /** What keeps the machines' memory while the other site runs them. */
    public Standby standby() {
        return standby;
    }

    /** What takes checkpoints of it while they run here. */
    public Checkpointing checkpointing() {
        return checkpointing;
    }

    /** What an earlier daemon has kept is of use only to a site that follows, and to a failover that isn't done. */
    void clearAway() throws IOException {
        if (agent.role() instanceof Following) {
            standby.begin();
        } else if (agent.files()
                .failover()
                .filter(saved -> saved.state().underWay())
                .isEmpty()) {
            Resumption.of(agent).done();
        }
    }

    void start() {
        checkpointing.start();
    }

    /** A site that follows anew has nothing of the machines' memory. */
    void became(Role now) {
        if (now instanceof Following) {
            standby.dismiss();
        }
    }

    /** It is protected like this from now on, as far as this site is concerned. What is kept stays if it is to be kept in the same place. */
    void protect(CheckpointWish wish) {
        agent.changing().lock();
        try {
            boolean elsewhere = isElsewhere(wish);
            agent.save(agent.record().with(wish));
            if (elsewhere) {
                became(agent.role());
            }
        } finally {
            agent.changing().unlock();
        }
    }

    /** Whether it would be kept in another place than now. */
    boolean isElsewhere(CheckpointWish wish) {
        CheckpointWish.Standby now = agent.record()
                .definition()
                .memoryProtection()
                .map(CheckpointWish::effectiveStandby)
                .orElse(CheckpointWish.Standby.NONE);
        return now != wish.effectiveStandby();
    }

    Optional<GroupStatus.Checkpoints> status() {
        Optional<GroupStatus.Checkpoints> taking = checkpointing.status();
        return agent.role() instanceof Serving ? taking : taking.map(this::keeping);
    }

    private GroupStatus.Checkpoints keeping(GroupStatus.Checkpoints status) {
        return new GroupStatus.Checkpoints(
                status.everySeconds(),
                status.standby(),
                status.resumeWithinSeconds(),
                Optional.empty(),
                standby.status(),
                0,
                ByteCount.ZERO,
                standby.trouble());
    }
}
