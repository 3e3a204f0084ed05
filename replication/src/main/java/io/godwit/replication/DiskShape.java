package io.godwit.replication;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.GroupStore;
import java.util.List;

/** A disk as both sites must agree on it: they may keep it in different places. */
record DiskShape(DiskName name, ByteCount size) {
    static List<DiskShape> of(GroupStore store) {
        return of(store.disks());
    }

    static List<DiskShape> of(List<DiskSpec> specs) {
        return specs.stream()
                .map(spec -> new DiskShape(spec.name(), spec.size()))
                .toList();
    }
}
