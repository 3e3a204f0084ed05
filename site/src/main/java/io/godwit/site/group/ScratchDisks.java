package io.godwit.site.group;

import io.godwit.api.DiskDefinition;
import io.godwit.api.GroupDefinition;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.ScratchDisk;
import io.godwit.volume.nbd.NbdExport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A group's scratch disks at this site. They are made empty when the group comes, and are gone when it has left. */
public final class ScratchDisks implements AutoCloseable {
    private final List<ScratchDisk> disks = new ArrayList<>();
    private final List<NbdExport> exports = new ArrayList<>();

    private ScratchDisks() {}

    /** Opens those that are there, and makes the others. */
    static ScratchDisks open(GroupFiles files, GroupDefinition definition) throws IOException {
        ScratchDisks opened = new ScratchDisks();
        try {
            for (DiskDefinition disk : definition.scratchDisks().toList()) {
                opened.open(disk, files);
            }
            return opened;
        } catch (IOException | RuntimeException failed) {
            opened.close();
            throw failed;
        }
    }

    private void open(DiskDefinition definition, GroupFiles files) throws IOException {
        Path file = files.scratchDisk(definition.name());
        DiskSpec spec = new DiskSpec(definition.name(), definition.size().orElseThrow(), file);
        ScratchDisk disk = ScratchDisk.open(spec, file);
        disks.add(disk);
        exports.add(new NbdExport(DiskFront.export(files.group(), definition.name()), disk, disk.rule()));
    }

    /** Deletes what they hold here; nobody may have them open. */
    public static void discard(GroupFiles files, GroupDefinition definition) throws IOException {
        for (DiskDefinition disk : definition.scratchDisks().toList()) {
            Files.deleteIfExists(files.scratchDisk(disk.name()));
        }
    }

    List<NbdExport> exports() {
        return List.copyOf(exports);
    }

    @Override
    public void close() {
        disks.forEach(ScratchDisk::close);
    }
}
