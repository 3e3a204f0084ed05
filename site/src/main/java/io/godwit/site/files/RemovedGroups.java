package io.godwit.site.files;

import io.godwit.core.FileTree;
import io.godwit.site.SiteConfig;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Where the files of groups go that a site no longer has. A group's directory goes there in one step: before it the group is there in whole, after it
 * no daemon takes it up.
 */
public record RemovedGroups(Path kept, Path doomed) {
    private static final Logger LOG = System.getLogger(RemovedGroups.class.getName());

    public RemovedGroups(SiteConfig config) {
        this(Path.of(config.stateDir(), "removed"), Path.of(config.stateDir(), "removing"));
    }

    /** Where {@link #keep} would put a group now. */
    public Path place(GroupFiles files) {
        return free(kept, files);
    }

    /** Puts all that is here of a group aside, as it is. Nothing of it may be open. */
    public Path keep(GroupFiles files) throws IOException {
        return move(files, kept);
    }

    /** Puts a group's replicas of disks aside, and deletes everything else of it. */
    public Path keepDisks(GroupFiles files) throws IOException {
        Path place = move(files, kept);
        try (Stream<Path> all = Files.list(place)) {
            for (Path path : all.filter(found -> !found.toString().endsWith(GroupFiles.REPLICA_SUFFIX))
                    .toList()) {
                new FileTree(path).delete();
            }
        }
        return place;
    }

    /** Deletes all that is here of a group. */
    public void delete(GroupFiles files) throws IOException {
        new FileTree(move(files, doomed)).delete();
    }

    /** Takes back what was begun of a group that could not be founded; what was here before of its disks stays. */
    public static void undo(GroupFiles files) throws IOException {
        if (!Files.isDirectory(files.directory())) {
            return;
        }
        files.forgetRecord();
        new FileTree(files.store()).delete();
        new FileTree(files.runDirectory()).delete();
        try (Stream<Path> left = Files.list(files.directory())) {
            if (left.findAny().isPresent()) {
                return;
            }
        }
        Files.delete(files.directory());
    }

    /** Finishes deletions that an earlier daemon had begun. */
    public void clear() {
        try {
            new FileTree(doomed).delete();
        } catch (IOException failed) {
            LOG.log(Level.WARNING, "{0} should be deleted, and cannot be: {1}", doomed, failed.getMessage());
        }
    }

    private static Path free(Path directory, GroupFiles files) {
        return IntStream.iterate(1, number -> number + 1)
                .mapToObj(
                        number -> directory.resolve(number == 1 ? files.group().value() : files.group() + "." + number))
                .filter(place -> !Files.exists(place))
                .findFirst()
                .orElseThrow();
    }

    private static Path move(GroupFiles files, Path directory) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path from = files.directory();
        Path place = Files.move(from, free(directory, files), StandardCopyOption.ATOMIC_MOVE);
        FileTree.syncNames(directory);
        FileTree.syncNames(from.resolveSibling("."));
        new FileTree(files.runDirectory()).delete();
        return place;
    }
}
