package io.godwit.site.files;

import io.godwit.api.DiskDefinition;
import io.godwit.api.GroupDefinition;
import io.godwit.api.VmDefinition;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import io.godwit.volume.BaseLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The groups that a site has already: a new one may share neither images nor addresses with them. */
public record Neighbours(SiteName site, Collection<GroupRecord> groups) {
    public Neighbours {
        groups = List.copyOf(groups);
    }

    /** Refuses an image that is given twice, also by another path or link, or that a group uses which was first protected here. */
    public void requireOwnImages(GroupDefinition wished) throws IOException {
        Map<Object, String> users = new HashMap<>();
        for (GroupRecord other : groups) {
            if (other.home().equals(site)) {
                for (DiskDefinition disk : other.definition().replicatedDisks().toList()) {
                    users.put(identity(disk), "disk %s of group %s".formatted(disk.name(), other.name()));
                }
            }
        }
        for (DiskDefinition disk : wished.replicatedDisks().toList()) {
            String user = users.put(identity(disk), "disk " + disk.name());
            if (user != null) {
                throw new GodwitException(
                        ErrorCode.BAD_INPUT,
                        "disk %s: %s is the image of %s already"
                                .formatted(disk.name(), disk.image().orElseThrow(), user));
            }
        }
    }

    /** Refuses an address, or a network card's address, that another group's machine has. */
    public void requireOwnAddresses(GroupDefinition wished) {
        for (GroupRecord other : groups) {
            for (VmDefinition theirs : other.definition().vms()) {
                for (VmDefinition ours : wished.vms()) {
                    requireDifferent(ours, "address", ours.address(), theirs.address(), theirs, other);
                    requireDifferent(ours, "MAC address", ours.mac(), theirs.mac(), theirs, other);
                }
            }
        }
    }

    private void requireDifferent(
            VmDefinition ours, String what, String here, String there, VmDefinition theirs, GroupRecord other) {
        if (here.equals(there)) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "virtual machine %s: the %s %s is that of machine %s of group %s at site %s already"
                            .formatted(ours.name(), what, here, theirs.name(), other.name(), site));
        }
    }

    /** What two ways to name the same file, device or export have in common. */
    private static Object identity(DiskDefinition disk) throws IOException {
        return switch (BaseLocation.parse(disk.image().orElseThrow())) {
            case BaseLocation.Local(Path path) -> Files.exists(path) ? sameness(path) : path;
            case BaseLocation.Remote remote -> remote;
        };
    }

    private static Object sameness(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key == null ? path.toRealPath() : key;
    }
}
