package io.godwit.site.group;

import io.godwit.api.CheckpointWish;
import io.godwit.api.GroupStatus;
import io.godwit.core.ByteCount;
import io.godwit.core.VmName;
import io.godwit.replication.ReplicationStatus;
import io.godwit.site.guests.MachineSpecs;
import io.godwit.site.inside.AskedCheckpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What this site does for the memory of a group's machines: while they run here, and while the other site runs them. */
public final class MemoryProtection {
    /** A daemon that has begun to serve has so long to find the replica, before machines that ask are refused for want of it. */
    private static final Duration SETTLING = Duration.ofSeconds(10);

    private final GroupAgent agent;
    private final Standby standby;
    private final Checkpointing checkpointing;
    private final AskedCheckpoints asked;

    /** What is served, since when, and whether machines may ask already; of the one thread that asks for {@link #ports}. */
    private record Settling(Serving serving, long sinceNanos, boolean done) {}

    private @Nullable Settling settling;

    MemoryProtection(GroupAgent agent) {
        this.agent = agent;
        this.standby = new Standby(agent);
        this.checkpointing = new Checkpointing(agent);
        this.asked = new AskedCheckpoints(
                agent.name().value(), this::ports, () -> checkpointing.take().position());
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
    void clearAway() throws IOException, InterruptedException {
        if (agent.role() instanceof Following following) {
            standby.begin(following);
        } else if (agent.files()
                .failover()
                .filter(saved -> saved.state().underWay())
                .isEmpty()) {
            Resumption.of(agent).done();
        }
    }

    void start() {
        checkpointing.start();
        asked.start();
    }

    /** Where programs in machines ask for checkpoints, while this site serves the group. */
    private Map<VmName, Path> ports() {
        Map<VmName, Path> ports = new LinkedHashMap<>();
        if (agent.role() instanceof Serving serving && agent.mayServe() && !agent.left() && settled(serving)) {
            List<VmName> running = serving.guests().names();
            MachineSpecs specs = new MachineSpecs(agent.files(), agent.record());
            agent.record().definition().vms().stream()
                    .filter(vm -> running.contains(vm.name()))
                    .forEach(vm -> ports.put(vm.name(), specs.of(vm).checkpointPort()));
        }
        return ports;
    }

    private boolean settled(Serving serving) {
        Settling known = settling;
        if (known == null || known.serving() != serving) {
            known = new Settling(serving, System.nanoTime(), false);
        }
        boolean done =
                known.done() || hasReplica(serving) || System.nanoTime() - known.sinceNanos() > SETTLING.toNanos();
        settling = new Settling(serving, known.sinceNanos(), done);
        return done;
    }

    private static boolean hasReplica(Serving serving) {
        ReplicationStatus replica = serving.replicator().status();
        return replica.connected() && replica.seeded();
    }

    /** Takes no more checkpoints. */
    void endTaking() {
        asked.close();
        checkpointing.close();
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
                Optional.empty(),
                standby.trouble());
    }
}
