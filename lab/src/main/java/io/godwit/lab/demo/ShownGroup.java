package io.godwit.lab.demo;

import io.godwit.api.DiskDefinition;
import io.godwit.api.GroupDefinition;
import io.godwit.api.VmDefinition;
import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.VmName;
import io.godwit.lab.LabAddresses;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The group that is shown: one machine with Redis, and its disk. */
public final class ShownGroup {
    public static final GroupName GROUP = new GroupName("shop");
    public static final VmName VM = new VmName("redis");
    private static final DiskName DISK = new DiskName("root");
    private static final String MAC = "52:54:00:67:77:0a";

    private ShownGroup() {}

    public static GroupDefinition definition(SiteName peer, ByteCount memory, Path image) {
        return new GroupDefinition(
                GROUP,
                peer,
                List.of(new VmDefinition(
                        VM,
                        memory,
                        1,
                        LabAddresses.SERVICE,
                        MAC,
                        List.of(new DiskDefinition(DISK, image.toString(), Optional.empty())))));
    }
}
