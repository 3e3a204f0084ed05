package io.godwit.site.group;

import io.godwit.api.CheckpointWish;
import io.godwit.api.GroupStatus;
import io.godwit.api.VmDefinition;
import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.VmName;
import io.godwit.link.PeerChannel;
import io.godwit.memory.CheckpointId;
import io.godwit.memory.CheckpointKeeper;
import io.godwit.memory.CheckpointReceiver;
import io.godwit.memory.MachineRam;
import io.godwit.memory.MemoryLimits;
import io.godwit.memory.RamFile;
import io.godwit.site.checkpoint.CheckpointFiles;
import io.godwit.site.checkpoint.KeptCheckpoint;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last checkpoint of the machines' memory at a site that follows. A warm one is in the RAM of QEMUs that wait for their device state; a cold
 * one in files.
 */
public final class Standby {
    private static final Logger LOG = System.getLogger(Standby.class.getName());
    private static final ByteCount LEFT_FREE = ByteCount.ofMiB(512);

    private final GroupAgent agent;
    private final CheckpointFiles files;
    private final FollowedReplica replica;
    private @Nullable Session session;
    private Optional<WaitingMachines> waiting = Optional.empty();
    private boolean frozen;
    private String trouble = "";

    Standby(GroupAgent agent) {
        this.agent = agent;
        this.files = agent.files().checkpoints();
        this.replica = new FollowedReplica(agent);
    }

    private boolean warm() {
        return agent.record()
                .definition()
                .memoryProtection()
                .map(CheckpointWish::effectiveStandby)
                .filter(CheckpointWish.Standby.WARM::equals)
                .isPresent();
    }

    private List<VmName> machines() {
        return agent.record().definition().vms().stream()
                .map(VmDefinition::name)
                .toList();
    }

    /** The checkpoint from which the machines could go on. */
    Optional<KeptCheckpoint> kept() throws IOException {
        return files.kept();
    }

    /** Receives checkpoints until the channel ends. A newer channel takes the place of an older one. */
    public void receive(PeerChannel channel) throws IOException, InterruptedException {
        Session mine = new Session(channel);
        replaceSession(mine);
        try (CheckpointReceiver receiver =
                new CheckpointReceiver(channel, MemoryLimits.standard(), files.spool(), mine)) {
            receiver.run();
        } catch (GodwitException refused) {
            note(mine, refused.sentence());
            throw refused;
        } catch (IOException ended) {
            note(mine, "");
            throw ended;
        } finally {
            mine.unmap();
            channel.close();
        }
    }

    private synchronized void replaceSession(Session next) {
        if (frozen) {
            throw GroupAgent.refusal("group %s is being taken over here".formatted(agent.name()));
        }
        hangUp();
        session = next;
    }

    private synchronized void note(Session of, String sentence) {
        if (session == of) {
            trouble = sentence;
        }
    }

    private void hangUp() {
        Session open = session;
        session = null;
        if (open != null) {
            open.hangUp();
        }
    }

    /** What one channel brings. It changes nothing any more once another one has taken its place. */
    private final class Session implements CheckpointKeeper {
        private final PeerChannel channel;
        private final List<RamFile> images = new ArrayList<>();
        private List<MachineRam> machines = List.of();

        Session(PeerChannel channel) {
            this.channel = channel;
        }

        void hangUp() {
            try {
                channel.close();
            } catch (IOException gone) {
                LOG.log(Level.TRACE, "the channel was gone already", gone);
            }
        }

        synchronized void unmap() {
            images.forEach(RamFile::close);
            images.clear();
        }

        @Override
        public synchronized List<RamFile> images(List<MachineRam> wished) throws IOException, InterruptedException {
            requireOurs(wished);
            machines = wished;
            agent.changing().lock();
            try {
                prepare(this);
                for (MachineRam machine : wished) {
                    images.add(RamFile.map(image(machine), machine.size()));
                }
            } finally {
                agent.changing().unlock();
            }
            return List.copyOf(images);
        }

        @Override
        public synchronized boolean imagesAreWhole() throws IOException {
            List<KeptCheckpoint.Machine> kept =
                    kept().map(KeptCheckpoint::machines).orElse(List.of());
            return machines.equals(kept.stream()
                    .map(machine -> new MachineRam(machine.name(), machine.memory()))
                    .toList());
        }

        @Override
        public void replace(CheckpointId id, List<byte[]> deviceStates, Change change)
                throws IOException, InterruptedException {
            GroupStore store = replica.awaitLog(id);
            synchronized (Standby.this) {
                requireCurrent(this, store);
                take(id, deviceStates, change);
                trouble = "";
            }
        }

        private void take(CheckpointId id, List<byte[]> deviceStates, Change change) {
            try {
                files.forget();
                change.carryOut();
                files.keep(id, machines, deviceStates);
            } catch (IOException failed) {
                throw new GodwitException(
                        ErrorCode.FAILED,
                        "site %s can't keep a checkpoint of group %s: %s"
                                .formatted(agent.site().name(), agent.name(), failed.getMessage()),
                        failed);
            }
        }
    }

    private void requireOurs(List<MachineRam> wished) {
        List<MachineRam> ours = agent.record().definition().vms().stream()
                .map(vm -> new MachineRam(vm.name(), vm.memory()))
                .toList();
        if (agent.record().definition().memoryProtection().isEmpty() || !wished.equals(ours)) {
            throw GroupAgent.refusal(
                    "the checkpoints are not of the machines that group %s has here".formatted(agent.name()));
        }
    }

    /** With the group's lock held. */
    private synchronized void prepare(Session of) throws IOException, InterruptedException {
        GroupStore store = replica.require();
        requireRoom();
        requireCurrent(of, store);
        if (!warm()) {
            for (VmDefinition vm : agent.record().definition().vms()) {
                files.reserve(vm.name(), vm.memory());
            }
        } else if (waiting.filter(ready -> ready.store().equals(store)).isEmpty()) {
            dismissWaiting();
            waiting = Optional.of(WaitingMachines.on(store, agent, this::died));
        }
    }

    /** A checkpoint that isn't whole yet is on the disk that holds the group's log, which must not run out of room for it. */
    private void requireRoom() throws IOException {
        long memory = LEFT_FREE.bytes();
        for (VmDefinition vm : agent.record().definition().vms()) {
            memory += vm.memory().bytes() + (warm() ? 0 : files.unreserved(vm.name(), vm.memory()));
        }
        ByteCount needed = new ByteCount(memory);
        ByteCount free =
                new ByteCount(Files.getFileStore(agent.files().directory()).getUsableSpace());
        if (free.compareTo(needed) < 0) {
            throw new GodwitException(
                    ErrorCode.NO_SPACE,
                    "site %s has only %s left on its disk, and checkpoints of group %s need %s"
                            .formatted(agent.site().name(), free, agent.name(), needed));
        }
    }

    private void requireCurrent(Session of, GroupStore store) {
        boolean fits = !warm()
                || waiting.isEmpty()
                || waiting.filter(ready -> ready.store().equals(store)).isPresent();
        if (frozen || session != of || !fits) {
            throw GroupAgent.refusal("the checkpoints of group %s begin anew".formatted(agent.name()));
        }
    }

    private void died(WaitingMachines of, VmName vm) {
        boolean ours;
        synchronized (this) {
            ours = waiting.filter(of::equals).isPresent();
        }
        if (ours) {
            LOG.log(Level.WARNING, "group {0}: the QEMU that waited for machine {1} has ended", agent.name(), vm);
            dismiss();
        }
    }

    private Path image(MachineRam machine) {
        return warm() ? agent.files().ram(machine.name()) : files.image(machine.name());
    }

    /** The last checkpoint stays as it is from now on: the group is about to be taken over. */
    synchronized void freeze() {
        frozen = true;
        hangUp();
    }

    /** Nothing came of it. */
    synchronized void thaw() {
        frozen = false;
    }

    /**
     * Hands over what is kept, if the group is taken over at the checkpoint's position; else it is dropped.
     *
     * @param store of the replica, which is surrendered
     * @return the machines that wait, if any do; if none do, {@link #kept} says whether there is a checkpoint in files
     */
    synchronized Optional<WaitingMachines> surrender(Optional<Position> at, GroupStore store) throws IOException {
        Optional<Position> kept = kept().map(KeptCheckpoint::position);
        boolean usable = kept.isPresent()
                && kept.equals(at)
                && (!warm()
                        || waiting.filter(ready -> ready.store().equals(store)).isPresent());
        if (!usable) {
            dismiss();
            return Optional.empty();
        }
        Optional<WaitingMachines> handed = waiting;
        waiting = Optional.empty();
        return handed;
    }

    /** Gives everything back. A sender that is there has to begin anew. */
    synchronized void dismiss() {
        hangUp();
        frozen = false;
        try {
            dismissWaiting();
            files.clear(machines());
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "the checkpoint of group %s can't be dropped".formatted(agent.name()), failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void dismissWaiting() throws IOException, InterruptedException {
        Optional<WaitingMachines> old = waiting;
        waiting = Optional.empty();
        if (old.isPresent()) {
            files.forget();
            old.get().dismiss();
        }
    }

    /** The daemon has just begun. If machines that an earlier one let wait are gone, so is what was in their memory. */
    synchronized void begin(Following following) throws IOException, InterruptedException {
        if (warm()) {
            waiting = adopted(following);
        }
        boolean lost = warm() && waiting.isEmpty();
        if (lost || agent.record().definition().memoryProtection().isEmpty()) {
            files.clear(machines());
        }
    }

    private Optional<WaitingMachines> adopted(Following following) throws IOException, InterruptedException {
        Optional<GroupStore> store = following.replica().store();
        if (store.isEmpty() || kept().isEmpty()) {
            return Optional.empty();
        }
        try {
            return WaitingMachines.adopted(store.get(), agent, this::died);
        } catch (GodwitException silent) {
            LOG.log(
                    Level.WARNING,
                    "group {0}: machines that waited don''t answer: {1}",
                    agent.name(),
                    silent.sentence());
            return Optional.empty();
        }
    }

    /** Whether machines wait here. */
    synchronized boolean waits() {
        return waiting.isPresent();
    }

    /** The daemon ends. What is in files is left, and machines wait on. */
    synchronized void leave() throws IOException {
        hangUp();
        Optional<WaitingMachines> left = waiting;
        waiting = Optional.empty();
        if (left.isPresent()) {
            left.get().leave();
        }
    }

    synchronized Optional<GroupStatus.Kept> status() {
        try {
            return kept().map(checkpoint -> new GroupStatus.Kept(checkpoint.position(), checkpoint.time()));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    synchronized Optional<String> trouble() {
        return Optional.of(trouble).filter(sentence -> !sentence.isEmpty());
    }
}
