package io.godwit.lab.demo;

import io.godwit.api.CheckpointWish;
import io.godwit.api.DiskClass;
import io.godwit.api.DiskDefinition;
import io.godwit.api.FailoverWish;
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
    private static final DiskName SCRATCH = new DiskName("scratch");
    private static final ByteCount SCRATCH_SIZE = ByteCount.ofMiB(64);
    private static final String MAC = "52:54:00:67:77:0a";

    private ShownGroup() {}

    public static GroupDefinition definition(SiteName peer, ByteCount memory, Path image) {
        return new GroupDefinition(GROUP, peer, machines(memory, image));
    }

    /** The same, where voters decide, with what is to happen when its owner is lost. */
    public static GroupDefinition definition(SiteName peer, ByteCount memory, Path image, FailoverWish failover) {
        return new GroupDefinition(
                GROUP,
                peer,
                machines(memory, image),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(failover),
                Optional.empty());
    }

    /** Replicated asynchronously, with its machine's memory protected; also what voters decide by themselves may give up its last writes. */
    public static GroupDefinition definition(SiteName peer, ByteCount memory, Path image, CheckpointWish checkpoints) {
        FailoverWish accepting = new FailoverWish(Optional.empty(), Optional.of(true), Optional.empty());
        return definition(peer, memory, image, accepting).with(checkpoints);
    }

    /** Nothing is written to it: a machine that moves would find it empty, so one that holds something keeps it from moving. */
    private static DiskDefinition blankScratch() {
        return new DiskDefinition(SCRATCH, Optional.empty(), Optional.of(SCRATCH_SIZE), Optional.of(DiskClass.SCRATCH));
    }

    private static List<VmDefinition> machines(ByteCount memory, Path image) {
        return List.of(new VmDefinition(
                VM,
                memory,
                1,
                LabAddresses.SERVICE,
                MAC,
                List.of(new DiskDefinition(DISK, image.toString(), Optional.empty()), blankScratch())));
    }
}
