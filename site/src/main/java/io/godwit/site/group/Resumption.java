package io.godwit.site.group;

import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import io.godwit.memory.RamFile;
import io.godwit.site.checkpoint.CheckpointFiles;
import io.godwit.site.checkpoint.KeptCheckpoint;
import io.godwit.site.guests.Guests;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives the machines of a group that was taken over at a checkpoint's position their memory back, so that they go on instead of being booted. Whatever stops
 * it, it is done again; if it can't be done, the machines are booted. The disks go back to the position only when the memory is loaded: what they would give up must
 * be worth something.
 */
record Resumption(GroupAgent agent, CheckpointFiles files) {
    private static final Logger LOG = System.getLogger(Resumption.class.getName());

    /** What became of the machines' memory. */
    enum Outcome {
        /** There was no checkpoint to go on from. */
        NONE,
        /** It was in machines that waited. */
        WARM,
        /** It was read from files. */
        COLD,
        /** It could not be loaded: the machines have to be booted, from disks that have not gone back to it. */
        FAILED,
        /** Neither, and the disks have gone back to it before: an earlier daemon had begun with that. */
        FAILED_AFTER_GOING_BACK
    }

    static Resumption of(GroupAgent agent) {
        return new Resumption(agent, agent.files().checkpoints());
    }

    /**
     * Drops it unless the disks go back to where they were then: also if an earlier daemon was to do so, and died before.
     *
     * @param at where they go back to; empty if they stay as they are
     */
    void keepOnlyAt(Serving serving, Optional<Position> at) throws IOException, InterruptedException {
        if (!files.kept().map(KeptCheckpoint::position).equals(at)) {
            done();
            endWaiting(serving.guests());
        }
    }

    /** Machines that wait for a state that nobody has could never run. */
    private void endWaiting(Guests guests) throws IOException, InterruptedException {
        boolean mayWait = agent.record().definition().memoryProtection().isPresent();
        if (mayWait && !guests.incoming().isEmpty()) {
            guests.kill();
        }
    }

    /**
     * Loads it, if there is any; the machines run when the group is served.
     *
     * @param expected whether there was one when it was decided where the disks go back to
     */
    Outcome load(Serving serving, Term term, boolean expected) throws IOException, InterruptedException {
        Optional<KeptCheckpoint> kept = files.kept();
        if (kept.isEmpty()) {
            endWaiting(serving.guests());
            return expected && agent.rewinder().revoke() ? Outcome.FAILED : Outcome.NONE;
        }
        try {
            serving.prepare(term);
            boolean warm = serving.guests().any();
            if (!warm) {
                serving.guests().startIncoming();
                copyImages(kept.get());
            }
            loadDevices(serving.guests(), kept.get());
            agent.rewinder().finishBeneath(serving);
            return warm ? Outcome.WARM : Outcome.COLD;
        } catch (IOException | GodwitException failed) {
            LOG.log(
                    Level.ERROR,
                    "the machines of group {0} can''t go on from their checkpoint, and are booted: {1}",
                    agent.name(),
                    failed.getMessage());
            serving.guests().kill();
            done();
            return agent.rewinder().revoke() ? Outcome.FAILED : Outcome.FAILED_AFTER_GOING_BACK;
        }
    }

    /** The machines run, or are going to be booted: the checkpoint is of no use any more. */
    void done() throws IOException {
        files.clear(
                agent.record().definition().vms().stream().map(vm -> vm.name()).toList());
    }

    private void copyImages(KeptCheckpoint kept) throws IOException {
        for (KeptCheckpoint.Machine machine : kept.machines()) {
            try (RamFile image = RamFile.map(files.image(machine.name()), machine.memory());
                    RamFile ram = RamFile.map(agent.files().ram(machine.name()), machine.memory())) {
                MemorySegment.copy(
                        image.memory(), 0, ram.memory(), 0, machine.memory().bytes());
            }
        }
    }

    /** Those that have theirs from an earlier try are left as they are. */
    private void loadDevices(Guests guests, KeptCheckpoint kept) throws IOException, InterruptedException {
        Map<VmName, ByteBuffer> states = files.deviceStates(kept);
        List<VmName> waiting = guests.incoming();
        for (VmName name : waiting) {
            ByteBuffer state = states.get(name);
            if (state == null) {
                throw new IOException("the checkpoint has no machine " + name);
            }
            guests.machine(name).loadDeviceState(state);
        }
    }
}
