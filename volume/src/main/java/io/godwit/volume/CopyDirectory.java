package io.godwit.volume;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Term;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A directory in which a {@link CarriedCopy} is being made: this process alone writes there. Until it is finished a file says so,
 * by which what a stop has left is recognized and begun anew.
 */
public final class CopyDirectory implements AutoCloseable {
    private static final String UNFINISHED = "godwit-copy.unfinished";

    private final CarriedCopy copy;
    private final List<DiskSpec> images;
    private final FileLock lock;
    private boolean finished;

    private CopyDirectory(CarriedCopy copy, List<DiskSpec> images, FileLock lock) {
        this.copy = copy;
        this.images = images;
        this.lock = lock;
    }

    /**
     * Takes a directory that is empty, or has an export of these disks in it that was not finished; makes it, if there is none.
     *
     * @param content how much room is needed
     * @throws GodwitException NOT_FOUND if it can't be made there, CONFLICT if it isn't empty, in use or too small; then nothing has
     *     changed
     */
    public static CopyDirectory take(Path directory, List<DiskSpec> disks, ByteCount content) throws IOException {
        make(directory);
        CarriedCopy copy = new CarriedCopy(directory);
        List<DiskSpec> images = disks.stream()
                .map(disk -> new DiskSpec(disk.name(), disk.size(), copy.image(disk.name())))
                .toList();
        requireOurs(directory, disks, copy);
        FileLock lock = lock(directory);
        try {
            CopyDirectory taken = new CopyDirectory(copy, images, lock);
            taken.clear();
            requireRoom(directory, content);
            Segment.syncDirectory(directory);
            return taken;
        } catch (IOException | RuntimeException failed) {
            Files.deleteIfExists(directory.resolve(UNFINISHED));
            lock.acquiredBy().close();
            throw failed;
        }
    }

    private static void make(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (Files.isDirectory(directory)) {
            return;
        }
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS) || parent == null || !Files.isDirectory(parent)) {
            throw new GodwitException(
                    ErrorCode.NOT_FOUND, "%s is no directory, and can't be made one".formatted(directory));
        }
        Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private static void requireOurs(Path directory, List<DiskSpec> disks, CarriedCopy copy) throws IOException {
        Set<Path> ours = new HashSet<>(Set.of(directory.resolve(UNFINISHED), copy.unfinishedManifest()));
        disks.forEach(disk -> ours.add(copy.image(disk.name())));
        try (Stream<Path> files = Files.list(directory)) {
            Set<Path> found = files.collect(Collectors.toSet());
            boolean unfinished = found.contains(directory.resolve(UNFINISHED)) && ours.containsAll(found);
            if (!found.isEmpty() && !unfinished) {
                throw refusal("%s is not empty: a copy goes into a directory of its own".formatted(directory));
            }
        }
    }

    private void clear() throws IOException {
        for (DiskSpec image : images) {
            Files.deleteIfExists(copy.image(image.name()));
        }
        Files.deleteIfExists(copy.unfinishedManifest());
    }

    private static FileLock lock(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve(UNFINISHED), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
        } catch (OverlappingFileLockException here) {
            // Reported below: another export of this process writes there.
        }
        channel.close();
        throw refusal("another export is writing to %s".formatted(directory));
    }

    private static void requireRoom(Path directory, ByteCount content) throws IOException {
        ByteCount room = new ByteCount(Files.getFileStore(directory).getUsableSpace());
        if (room.compareTo(content) < 0) {
            throw refusal("%s has room for %s, the disks may hold %s".formatted(directory, room, content));
        }
    }

    private static GodwitException refusal(String sentence) {
        return new GodwitException(ErrorCode.CONFLICT, sentence);
    }

    /** The disks with their files here, which are still to be made. */
    public List<DiskSpec> images() {
        return images;
    }

    /** The disks' files are complete, and hold what the disks held at {@code end}. Reads them, and writes the manifest. */
    public CopyManifest finish(GroupName group, Term term, LogEnd end, CopyWatch watch) throws IOException {
        List<CopyManifest.Disk> described = new ArrayList<>();
        for (DiskSpec image : images) {
            ByteCount content = CarriedCopy.allocated(copy.image(image.name()));
            described.add(new CopyManifest.Disk(image.name(), image.size(), content, CarriedCopy.digest(image, watch)));
        }
        CopyManifest manifest = new CopyManifest(group, term, end, Instant.now().getEpochSecond(), described);
        manifest.write(copy.manifestFile());
        finished = true;
        return manifest;
    }

    /** Lets go of the directory; it is empty again if the copy was not finished. */
    @Override
    public void close() throws IOException {
        try {
            if (!finished) {
                clear();
            }
            Files.deleteIfExists(copy.directory().resolve(UNFINISHED));
            Segment.syncDirectory(copy.directory());
        } finally {
            lock.acquiredBy().close();
        }
    }
}
