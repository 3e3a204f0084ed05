package io.godwit.site.checkpoint;

import io.godwit.core.ByteCount;
import io.godwit.core.FileTree;
import io.godwit.core.GodwitException;
import io.godwit.core.VmName;
import io.godwit.core.json.Json;
import io.godwit.core.posix.PosixFile;
import io.godwit.memory.CheckpointId;
import io.godwit.memory.MachineRam;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The last checkpoint of a group as this site keeps it: {@code checkpoint.json} says that there is one, {@code checkpoint.devices} holds the machines'
 * device states, one after the other. Nothing is synced: it is meant to outlive the daemon, not the host.
 */
public final class CheckpointFiles {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path said;
    private final Path devices;
    private final Path directory;

    /** @param directory of the group */
    public CheckpointFiles(Path directory) {
        this.directory = directory;
        this.said = directory.resolve("checkpoint.json");
        this.devices = directory.resolve("checkpoint.devices");
    }

    /** For the parts of one that isn't whole yet. */
    public Path spool() {
        return directory.resolve("checkpoint.part");
    }

    /** The RAM of a machine for which no QEMU waits. */
    public Path image(VmName vm) {
        return directory.resolve(vm + ".memory");
    }

    /** The checkpoint that is kept; empty if there is none, or it belongs to an earlier life of this host. */
    public Optional<KeptCheckpoint> kept() throws IOException {
        if (!Files.exists(said)) {
            return Optional.empty();
        }
        try {
            KeptCheckpoint kept = Json.read(Files.readString(said), KeptCheckpoint.class, said.toString());
            return kept.boot().equals(boot()) ? Optional.of(kept) : Optional.empty();
        } catch (GodwitException damaged) {
            return Optional.empty();
        }
    }

    private static String boot() throws IOException {
        return Files.readString(BOOT_ID).strip();
    }

    /** Says that the images hold this checkpoint. */
    public void keep(CheckpointId id, List<MachineRam> machines, List<byte[]> deviceStates) throws IOException {
        ByteArrayOutputStream states = new ByteArrayOutputStream();
        List<KeptCheckpoint.Machine> parts = new ArrayList<>();
        for (int i = 0; i < machines.size(); i++) {
            states.writeBytes(deviceStates.get(i));
            parts.add(new KeptCheckpoint.Machine(
                    machines.get(i).name(), machines.get(i).size(), deviceStates.get(i).length));
        }
        write(devices, states.toByteArray());
        KeptCheckpoint kept =
                new KeptCheckpoint(id.number(), id.term(), id.position(), id.epochMillis(), boot(), parts);
        Path fresh = directory.resolve("checkpoint.new");
        write(fresh, Json.bytes(kept));
        Files.move(fresh, said, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void write(Path file, byte[] content) throws IOException {
        Files.deleteIfExists(file);
        FileTree.makeOwn(file);
        Files.write(file, content);
    }

    /** Takes the room for a machine's RAM for which no QEMU waits: what is mapped must not run out of it. */
    public void reserve(VmName vm, ByteCount size) throws IOException {
        Path image = image(vm);
        if (!Files.exists(image)) {
            FileTree.makeOwn(image);
        }
        try (PosixFile file = PosixFile.open(image, PosixFile.Access.READ_WRITE)) {
            file.truncate(size.bytes());
            file.allocate(0, size.bytes());
        }
    }

    /** What of the room for a machine's RAM isn't taken yet. */
    public long unreserved(VmName vm, ByteCount size) throws IOException {
        Path image = image(vm);
        return Files.exists(image) ? Math.max(0, size.bytes() - Files.size(image)) : size.bytes();
    }

    /** The device states of the machines of the checkpoint that is kept. */
    public Map<VmName, ByteBuffer> deviceStates(KeptCheckpoint kept) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(devices));
        Map<VmName, ByteBuffer> states = new LinkedHashMap<>();
        for (KeptCheckpoint.Machine machine : kept.machines()) {
            if (all.remaining() < machine.deviceStateBytes()) {
                throw new IOException(devices + " is shorter than " + said + " says");
            }
            states.put(machine.name(), all.slice(all.position(), machine.deviceStateBytes()));
            all.position(all.position() + machine.deviceStateBytes());
        }
        return states;
    }

    /** From here on there is no checkpoint; the images may be changed. */
    public void forget() throws IOException {
        Files.deleteIfExists(said);
    }

    /** Removes everything that belongs to checkpoints of these machines. */
    public void clear(List<VmName> machines) throws IOException {
        forget();
        Files.deleteIfExists(devices);
        Files.deleteIfExists(spool());
        for (VmName vm : machines) {
            Files.deleteIfExists(image(vm));
        }
    }
}
