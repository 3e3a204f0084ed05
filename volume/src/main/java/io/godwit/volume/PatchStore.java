package io.godwit.volume;

import io.godwit.core.Term;
import io.godwit.core.posix.PosixFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A store that is to take the place of another one, which stays as it is meanwhile: its log begins somewhere else, its
 * disks are those of the other one with a patch over them. Both are of one site; the images are the other one's. When it
 * is right it is merged: the patch into the images, its log in place of the other one's.
 */
public final class PatchStore {
    private PatchStore() {}

    /** Makes one in a directory of its own, as a replica; below, nothing must be appended as long as it is used. */
    public static GroupStore create(
            Path directory, GroupStore below, Term term, LogEnd start, List<TermStart> terms, StoreLimits limits)
            throws IOException {
        delete(directory);
        Files.createDirectories(directory);
        StoreFiles files = new StoreFiles(directory.toAbsolutePath());
        StoreParts.create(files, below.disks(), new StoreFiles.Ownership(Role.REPLICA, term, terms), start, limits);
        return open(directory, below, limits);
    }

    public static GroupStore open(Path directory, GroupStore below, StoreLimits limits) throws IOException {
        GroupStore opened = GroupStore.open(
                directory,
                limits,
                HistoryWindow.NONE,
                (disk, spec) -> PatchedImage.open(directory, disk, spec, below.disk(spec.name())));
        Segment.syncDirectory(directory);
        return opened;
    }

    /**
     * Writes the patch into the images. Both stores are closed, and everything in the log of the one below was applied.
     * To be repeated after a crash; nothing may read the disks until it is done.
     */
    public static void mergeImages(Path directory, List<DiskSpec> disks) throws IOException {
        for (int disk = 0; disk < disks.size(); disk++) {
            PatchedImage.merge(directory, disk, disks.get(disk));
        }
    }

    /** After the images were merged: the log that belongs to them takes the place of the other one. To be repeated after a crash. */
    public static void replace(Path directory, Path store) throws IOException {
        if (new StoreFiles(directory.toAbsolutePath()).exists()) {
            delete(store);
            Files.move(directory, store);
            syncParent(store);
        }
        try (Stream<Path> left = Files.list(store)) {
            for (Path file : left.toList()) {
                if (file.getFileName().toString().startsWith("patch-")) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Removes a store's directory, or what a crash has left of one. The images stay. */
    public static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.deleteIfExists(directory.resolve("store"));
        sync(directory);
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        syncParent(directory);
    }

    private static void syncParent(Path directory) throws IOException {
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            sync(parent);
        }
    }

    private static void sync(Path directory) throws IOException {
        try (PosixFile opened = PosixFile.open(directory, PosixFile.Access.READ)) {
            opened.sync();
        }
    }
}
