package io.godwit.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.VmName;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A virtual machine as its user describes it.
 *
 * @param memory a multiple of 1 MiB, at least 64 MiB
 * @param address the IPv4 address at which its clients know it; it keeps it at every site
 * @param mac its network card's address, such as 52:54:00:12:34:56
 * @param hooks what is run in it around an application-consistent mark
 * @param after machines of its group that must be ready before this one is booted; none if nothing is said
 * @param readyPort the TCP port at its address that accepts connections when it is ready; if none is named, it is ready when its guest agent is
 * @param essential what it can't do without when it has lost its memory; nothing if nothing is said
 * @param service how to tell whether its service answers; nobody looks if nothing is said
 */
public record VmDefinition(
        VmName name,
        ByteCount memory,
        int vcpus,
        String address,
        String mac,
        List<DiskDefinition> disks,
        Optional<Hooks> hooks,
        Optional<List<VmName>> after,
        Optional<Integer> readyPort,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<EssentialState> essential,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ServiceProbe> service) {
    private static final Pattern MAC = Pattern.compile("[0-9a-f][02468ace](:[0-9a-f]{2}){5}");
    private static final Pattern OCTETS = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final int MAX_DISKS = 16;
    private static final int MAX_VCPUS = 64;
    private static final int MAX_PORT = 65_535;
    private static final long MIB = 1 << 20;

    public VmDefinition {
        if (name == null
                || memory == null
                || address == null
                || mac == null
                || disks == null
                || disks.stream().anyMatch(Objects::isNull)) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "a virtual machine needs \"name\", \"memory\", \"vcpus\", \"address\", \"mac\" and \"disks\"");
        }
        disks = List.copyOf(disks);
        require(
                memory.bytes() >= 64 * MIB && memory.bytes() % MIB == 0,
                name,
                "memory must be at least 64 MiB, in whole MiB");
        require(vcpus >= 1 && vcpus <= MAX_VCPUS, name, "vcpus must be 1 to " + MAX_VCPUS);
        require(isAddress(address), name, "'" + address + "' is not an IPv4 address");
        require(
                MAC.matcher(mac).matches(),
                name,
                "'" + mac + "' is not a unicast MAC address such as 52:54:00:12:34:56");
        require(!disks.isEmpty() && disks.size() <= MAX_DISKS, name, "needs 1 to " + MAX_DISKS + " disks");
        require(!disks.getFirst().scratch(), name, "boots from its first disk, which can't be scratch");
        after = after.map(List::copyOf);
        List<VmName> others = after.orElse(List.of());
        require(!others.contains(name), name, "can't be booted after itself");
        require(new HashSet<>(others).size() == others.size(), name, "names a machine twice in 'after'");
        require(
                readyPort.filter(port -> port < 1 || port > MAX_PORT).isEmpty(),
                name,
                "readyPort must be 1 to " + MAX_PORT);
    }

    public VmDefinition(
            VmName name, ByteCount memory, int vcpus, String address, String mac, List<DiskDefinition> disks) {
        this(name, memory, vcpus, address, mac, disks, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public VmDefinition(
            VmName name,
            ByteCount memory,
            int vcpus,
            String address,
            String mac,
            List<DiskDefinition> disks,
            Optional<Hooks> hooks,
            Optional<List<VmName>> after,
            Optional<Integer> readyPort) {
        this(name, memory, vcpus, address, mac, disks, hooks, after, readyPort, Optional.empty(), Optional.empty());
    }

    public VmDefinition withDisks(List<DiskDefinition> others) {
        return new VmDefinition(name, memory, vcpus, address, mac, others, hooks, after, readyPort, essential, service);
    }

    /** The same machine, with what is done for it, beside running it, as another says. */
    VmDefinition served(VmDefinition as) {
        return new VmDefinition(
                name, memory, vcpus, address, mac, disks, as.hooks, as.after, as.readyPort, as.essential, as.service);
    }

    /** The machines of its group that must be ready before it is booted. */
    public List<VmName> waitsFor() {
        return after.orElse(List.of());
    }

    /**
     * Commands for the guest's agent: an absolute path and arguments.
     *
     * @param before its file systems are frozen; if it fails there is no mark
     * @param after they are thawed, also when there is no mark
     */
    public record Hooks(Optional<List<String>> before, Optional<List<String>> after) {
        public Hooks {
            before.ifPresent(command -> GuestCommand.require("a hook", command));
            after.ifPresent(command -> GuestCommand.require("a hook", command));
        }
    }

    private static boolean isAddress(String text) {
        var matcher = OCTETS.matcher(text);
        if (!matcher.matches()) {
            return false;
        }
        for (int group = 1; group <= 4; group++) {
            if (Integer.parseInt(matcher.group(group)) > 255) {
                return false;
            }
        }
        return true;
    }

    private static void require(boolean holds, VmName name, String complaint) {
        if (!holds) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "virtual machine %s: %s".formatted(name, complaint));
        }
    }
}
