package io.godwit.site.group;

import io.godwit.api.VmDefinition;
import io.godwit.core.GroupName;
import io.godwit.core.VmName;
import io.godwit.hypervisor.Qemu;
import io.godwit.link.ChannelKind;
import io.godwit.link.Link;
import io.godwit.link.PeerChannel;
import io.godwit.memory.CheckpointSender;
import io.godwit.memory.MachineRam;
import io.godwit.memory.MemoryLimits;
import io.godwit.memory.RamFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A conversation in which checkpoints of a group's machines go to the peer: it lasts as long as these QEMUs do, and the channel. */
final class CheckpointSession implements AutoCloseable {
    private final Serving serving;
    private final Map<VmName, Qemu> machines = new LinkedHashMap<>();
    private final List<RamFile> rams = new ArrayList<>();
    private final PeerChannel channel;
    private final CheckpointSender sender;
    private int number;

    private CheckpointSession(Serving serving, GroupAgent agent, PeerChannel channel)
            throws IOException, InterruptedException {
        this.serving = serving;
        this.channel = channel;
        List<CheckpointSender.Source> sources = new ArrayList<>();
        try {
            for (VmDefinition vm : agent.record().definition().vms()) {
                Qemu machine = serving.guests().machine(vm.name());
                machines.put(vm.name(), machine);
                RamFile ram = RamFile.map(agent.files().ram(vm.name()), vm.memory());
                rams.add(ram);
                sources.add(new CheckpointSender.Source(
                        new MachineRam(vm.name(), vm.memory()), ram, ByteBuffer.wrap(machine.deviceStateReference())));
            }
            sender = CheckpointSender.open(sources, channel, MemoryLimits.standard());
        } catch (IOException | InterruptedException | RuntimeException failed) {
            channel.close();
            rams.forEach(RamFile::close);
            throw failed;
        }
    }

    static CheckpointSession open(Serving serving, GroupAgent agent, Link link)
            throws IOException, InterruptedException {
        GroupName group = agent.name();
        return new CheckpointSession(serving, agent, link.open(ChannelKind.CHECKPOINT, Optional.of(group)));
    }

    /** Whether these are the machines that the group has now. */
    boolean isOf(Serving now) {
        return serving == now
                && machines.entrySet().stream()
                        .allMatch(known -> now.guests().isRunning(known.getKey(), known.getValue()));
    }

    CheckpointSender sender() {
        return sender;
    }

    Qemu machine(VmName name) {
        return Optional.ofNullable(machines.get(name)).orElseThrow();
    }

    int nextNumber() {
        return ++number;
    }

    /** Whoever sends or waits for an answer fails; {@link #close} does the rest. */
    void hangUp() throws IOException {
        channel.close();
    }

    @Override
    public void close() throws IOException {
        try {
            sender.close();
        } finally {
            rams.forEach(RamFile::close);
        }
    }
}
