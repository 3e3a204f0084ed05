package io.godwit.site.disks;

import io.godwit.api.DiskDefinition;
import io.godwit.api.GroupDefinition;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.site.files.GroupFiles;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.ScratchDisk;
import io.godwit.volume.nbd.NbdExport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A group's scratch disks at this site. They are made empty when the group comes, and are gone when it has left. */
public final class ScratchDisks implements AutoCloseable {
    private final Map<DiskName, ScratchDisk> disks = new LinkedHashMap<>();
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

    /**
     * Makes them once and deletes them again.
     *
     * @throws GodwitException BAD_INPUT if the file system here can't have one of that size
     */
    public static void requirePossible(GroupFiles files, GroupDefinition definition) throws IOException {
        for (DiskDefinition disk : definition.scratchDisks().toList()) {
            Path file = files.scratchDisk(disk.name());
            DiskSpec spec = new DiskSpec(disk.name(), disk.size().orElseThrow(), file);
            try {
                ScratchDisk.open(spec, file).close();
            } catch (IOException impossible) {
                throw new GodwitException(
                        ErrorCode.BAD_INPUT,
                        "scratch disk %s of %s can't be made at %s: %s"
                                .formatted(disk.name(), spec.size(), file, impossible.getMessage()),
                        impossible);
            } finally {
                Files.deleteIfExists(file);
            }
        }
    }

    private void open(DiskDefinition definition, GroupFiles files) throws IOException {
        Path file = files.scratchDisk(definition.name());
        DiskSpec spec = new DiskSpec(definition.name(), definition.size().orElseThrow(), file);
        ScratchDisk disk = ScratchDisk.open(spec, file);
        disks.put(definition.name(), disk);
        exports.add(new NbdExport(DiskFront.export(files.group(), definition.name()), disk, disk.rule()));
    }

    /** Deletes what they hold here; nobody may have them open. */
    public static void discard(GroupFiles files, GroupDefinition definition) throws IOException {
        for (DiskDefinition disk : definition.scratchDisks().toList()) {
            Files.deleteIfExists(files.scratchDisk(disk.name()));
        }
    }

    /**
     * Machines that run on at another site would find these disks blank from one moment to the next.
     *
     * @throws GodwitException CONFLICT if one of them holds anything: nobody here can know whether it is in use
     */
    void requireBlank() throws IOException {
        for (Map.Entry<DiskName, ScratchDisk> disk : disks.entrySet()) {
            if (!disk.getValue().isBlank()) {
                throw new GodwitException(
                        ErrorCode.CONFLICT,
                        "scratch disk %s holds something, which a running machine would lose: end its use in the machine and discard it (swapoff or umount, then blkdiscard), or say --drop-scratch if nothing uses it"
                                .formatted(disk.getKey()));
            }
        }
    }

    List<NbdExport> exports() {
        return List.copyOf(exports);
    }

    @Override
    public void close() {
        disks.values().forEach(ScratchDisk::close);
    }
}
