package io.godwit.hypervisor;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.VmName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A virtual machine: what the guest sees, and where this site keeps what belongs to it. The first disk is booted from.
 *
 * @param memory whole MiB
 * @param ramFile the guest's RAM, made by {@link Qemu#start} and removed when QEMU has ended; on a tmpfs
 * @param runDir sockets, logs and the pid of QEMU; its path must be short (sockets in it: 107 bytes)
 * @param machine the same at both ends of a move, as are name, vcpus, memory and the order of the disks
 */
public record VmSpec(
        VmName name,
        int vcpus,
        ByteCount memory,
        Path ramFile,
        Path runDir,
        List<VmDisk> disks,
        Optional<Nic> nic,
        MachineType machine) {
    private static final int MAX_VCPUS = 64;
    private static final int MAX_DISKS = 16;
    private static final ByteCount MIN_MEMORY = ByteCount.ofMiB(16);
    private static final long MIB = 1 << 20;

    public VmSpec {
        disks = List.copyOf(disks);
        require(vcpus >= 1 && vcpus <= MAX_VCPUS, "%d processors; 1 to %d are possible".formatted(vcpus, MAX_VCPUS));
        require(
                memory.compareTo(MIN_MEMORY) >= 0 && memory.bytes() % MIB == 0,
                "%s of memory; it must be whole MiB, and at least %s".formatted(memory, MIN_MEMORY));
        require(
                !disks.isEmpty() && disks.size() <= MAX_DISKS,
                "%d disks; 1 to %d are possible".formatted(disks.size(), MAX_DISKS));
    }

    /** The socket behind the serial port on which programs in the guest ask for checkpoints; there while QEMU is. */
    public Path checkpointPort() {
        return new RunDirectory(runDir).inside();
    }

    private static void require(boolean condition, String problem) {
        if (!condition) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "a virtual machine can't have " + problem);
        }
    }
}
