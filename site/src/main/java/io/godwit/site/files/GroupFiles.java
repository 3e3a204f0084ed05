package io.godwit.site.files;

import io.godwit.api.GroupDefinition;
import io.godwit.core.DiskName;
import io.godwit.core.DurableFile;
import io.godwit.core.GroupName;
import io.godwit.core.VmName;
import io.godwit.core.json.Json;
import io.godwit.site.SiteConfig;
import io.godwit.site.checkpoint.CheckpointFiles;
import io.godwit.site.essential.StateSlots;
import io.godwit.site.move.SavedMove;
import io.godwit.volume.BaseLocation;
import io.godwit.volume.DiskSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a group's things are at this site. */
public record GroupFiles(SiteConfig config, GroupName group) {
    /** Of the files that hold a group's disks at a site that isn't its home. */
    public static final String REPLICA_SUFFIX = ".raw";

    public Path directory() {
        return Path.of(config.stateDir()).resolve("groups").resolve(group.value());
    }

    public Path store() {
        return directory().resolve("store");
    }

    public Path runDirectory() {
        return Path.of(config.runDir()).resolve(group.value());
    }

    /** Where open points are offered. */
    public Path pointsSocket() {
        return runDirectory().resolve("points.sock");
    }

    /** For what is written over open points. */
    public Path scratch() {
        return directory().resolve("points");
    }

    /** For the log of what is written while the disks are exported. */
    public Path exporting() {
        return directory().resolve("exporting");
    }

    public Path guestDirectory(VmName vm) {
        return runDirectory().resolve(vm.value());
    }

    /** Is there while a machine was booted and hasn't got its essential state back; it is as short-lived as the machine. */
    public Path blank(VmName vm) {
        return guestDirectory(vm).resolve("blank");
    }

    public Path ram(VmName vm) {
        return Path.of(config.ramDir()).resolve("%s.%s.ram".formatted(group, vm));
    }

    /** What is kept here of the memory of the group's machines. */
    public CheckpointFiles checkpoints() {
        return new CheckpointFiles(directory());
    }

    /** For the machines of a test failover. No machine's name begins with a dot. */
    public Path trial() {
        return runDirectory().resolve(".trial");
    }

    public Path trialRam(VmName vm) {
        return Path.of(config.ramDir()).resolve("%s.%s.trial".formatted(group, vm));
    }

    /** What a scratch disk holds here. */
    public Path scratchDisk(DiskName disk) {
        return directory().resolve(disk + ".scratch");
    }

    /**
     * The disks as the store wants them, none of them scratch: the user's images at home, replicas beside the store elsewhere; and those that no machine
     * sees, beside the store everywhere.
     */
    public List<DiskSpec> disks(GroupDefinition definition, boolean home) {
        Stream<DiskSpec> machines = definition
                .replicatedDisks()
                .map(disk -> new DiskSpec(
                        disk.name(),
                        disk.size().orElseThrow(),
                        home ? BaseLocation.parse(disk.image().orElseThrow()) : replica(disk.name())));
        Stream<DiskSpec> states = definition.stateDisks().stream()
                .map(disk -> new DiskSpec(disk.name(), StateSlots.diskSize(disk.capacity()), replica(disk.name())));
        return Stream.concat(machines, states).toList();
    }

    public BaseLocation replica(DiskName disk) {
        return new BaseLocation.Local(image(disk));
    }

    private Path image(DiskName disk) {
        return directory().resolve(disk + REPLICA_SUFFIX);
    }

    /** Removes what is here of disks that no machine sees, for a group that is only to be founded, or couldn't be. */
    public void dropStateDisks(GroupDefinition definition) throws IOException {
        for (GroupDefinition.StateDisk disk : definition.stateDisks()) {
            Files.deleteIfExists(image(disk.name()));
        }
    }

    public void makeDirectories() {
        try {
            for (Path directory : List.of(directory(), runDirectory(), Path.of(config.ramDir()))) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("the directories of group %s cannot be made".formatted(group), failed);
        }
    }

    public Optional<GroupRecord> record() {
        return read("group.json", GroupRecord.class);
    }

    public void save(GroupRecord record) {
        write("group.json", record);
    }

    /** From now on this site knows no such group. */
    void forgetRecord() throws IOException {
        new DurableFile(directory().resolve("group.json")).delete();
    }

    /** A record that is safe on the disk and takes the present one's place when it is committed. */
    public DurableFile.Staged stage(GroupRecord record) {
        DurableFile file = new DurableFile(directory().resolve("group.json"));
        try {
            return file.stage(encoded(record));
        } catch (IOException failed) {
            throw unwritable(file, failed);
        }
    }

    public Optional<SavedMove> move() {
        return read("move.json", SavedMove.class);
    }

    public void save(SavedMove move) {
        write("move.json", move);
    }

    public Optional<SavedFailover> failover() {
        return read("failover.json", SavedFailover.class);
    }

    public void save(SavedFailover failover) {
        write("failover.json", failover);
    }

    /** How fast the disks may be copied to the peer. */
    public SeedingRule seeding() {
        return read("seeding.json", SeedingRule.class).orElse(SeedingRule.DEFAULT);
    }

    public void save(SeedingRule rule) {
        write("seeding.json", rule);
    }

    private <T> Optional<T> read(String name, Class<T> type) {
        DurableFile file = new DurableFile(directory().resolve(name));
        try {
            return file.read().map(bytes -> Json.read(bytes, type, file.path().toString()));
        } catch (IOException failed) {
            throw new UncheckedIOException(file.path() + " cannot be read", failed);
        }
    }

    private void write(String name, Object value) {
        DurableFile file = new DurableFile(directory().resolve(name));
        try {
            file.write(encoded(value));
        } catch (IOException failed) {
            throw unwritable(file, failed);
        }
    }

    private static byte[] encoded(Object value) {
        return Json.pretty(value).getBytes(StandardCharsets.UTF_8);
    }

    private static UncheckedIOException unwritable(DurableFile file, IOException failed) {
        return new UncheckedIOException(file.path() + " cannot be written", failed);
    }
}
