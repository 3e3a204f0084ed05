package io.godwit.api;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.VmName;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A virtual machine as its user describes it.
 *
 * @param memory a multiple of 1 MiB, at least 64 MiB
 * @param address the IPv4 address at which its clients know it; it keeps it at every site
 * @param mac its network card's address, such as 52:54:00:12:34:56
 */
public record VmDefinition(
        VmName name, ByteCount memory, int vcpus, String address, String mac, List<DiskDefinition> disks) {
    private static final Pattern MAC = Pattern.compile("[0-9a-f][02468ace](:[0-9a-f]{2}){5}");
    private static final Pattern OCTETS = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final int MAX_DISKS = 16;
    private static final int MAX_VCPUS = 64;
    private static final long MIB = 1 << 20;

    public VmDefinition {
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
