package io.godwit.replication;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.posix.PosixFile;
import io.godwit.volume.BaseLocation;
import io.godwit.volume.CarriedCopy;
import io.godwit.volume.CopyManifest;
import io.godwit.volume.CopyWatch;
import io.godwit.volume.CopyWatch.Step;
import io.godwit.volume.DiskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Brings the disks of a carried copy to where a replica has its images, in two steps: {@link #stage} copies and verifies them
 * beside the images, which takes long and changes nothing; {@link #place} puts them there. What was not placed is removed.
 */
public final class CopyImport implements AutoCloseable {
    private static final String STAGED = ".godwit-import";

    private final CarriedCopy copy;
    private final CopyManifest manifest;
    private final List<DiskSpec> images;

    /**
     * @param images where the replica has its images, or will have them
     * @throws GodwitException CONFLICT if they are other disks, UNSUPPORTED if they aren't files
     */
    public CopyImport(CarriedCopy copy, CopyManifest manifest, List<DiskSpec> images) {
        this.copy = copy;
        this.manifest = manifest;
        this.images = List.copyOf(images);
        List<DiskShape> carried = manifest.disks().stream()
                .map(disk -> new DiskShape(disk.name(), disk.size()))
                .toList();
        if (!carried.equals(DiskShape.of(images))) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "the copy has disks %s, group %s has %s here"
                            .formatted(carried, manifest.group(), DiskShape.of(images)));
        }
        images.forEach(CopyImport::file);
    }

    private static Path file(DiskSpec image) {
        if (image.base() instanceof BaseLocation.Local(Path path)
                && (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                        || !Files.exists(path, LinkOption.NOFOLLOW_LINKS))) {
            return path;
        }
        throw new GodwitException(
                ErrorCode.UNSUPPORTED,
                "the image of disk %s is %s here: a copy can take the place of files only"
                        .formatted(image.name(), image.base()));
    }

    private static Path staged(DiskSpec image) {
        Path file = file(image);
        return file.resolveSibling(file.getFileName() + STAGED);
    }

    /**
     * Copies all disks, and compares what was copied with their digests.
     *
     * @throws GodwitException CONFLICT if there isn't room, BAD_INPUT if a disk's file is damaged
     */
    public void stage(CopyWatch watch) throws IOException {
        dropStaged(images);
        requireRoom();
        watch.begin(Step.COPYING, copy.allocated(manifest).bytes());
        for (int disk = 0; disk < images.size(); disk++) {
            copy.copy(manifest.disks().get(disk), staged(images.get(disk)), watch);
        }
        watch.begin(Step.VERIFYING, manifest.content().bytes());
        for (int disk = 0; disk < images.size(); disk++) {
            copy.verify(manifest.disks().get(disk), staged(images.get(disk)), watch);
        }
    }

    private void requireRoom() throws IOException {
        Path directory = directory(images.getFirst());
        ByteCount room = new ByteCount(Files.getFileStore(directory).getUsableSpace());
        if (room.compareTo(manifest.content()) < 0) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "%s has room for %s, the copy has %s".formatted(directory, room, manifest.content()));
        }
    }

    private static Path directory(DiskSpec image) {
        Path parent = file(image).toAbsolutePath().getParent();
        if (parent == null) {
            throw new GodwitException(ErrorCode.BAD_INPUT, image.base() + " is in no directory");
        }
        return parent;
    }

    /** Puts them in the images' places. A stop in the middle leaves some of each, which a comparison of digests will sort out. */
    public void place() throws IOException {
        for (DiskSpec image : images) {
            Files.move(staged(image), file(image), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (PosixFile parent = PosixFile.open(directory(image), PosixFile.Access.READ)) {
                parent.sync();
            }
        }
    }

    /** Removes what an import that was stopped has left beside a replica's images. */
    public static void dropStaged(List<DiskSpec> images) throws IOException {
        for (DiskSpec image : images) {
            if (image.base() instanceof BaseLocation.Local(Path path)) {
                Files.deleteIfExists(path.resolveSibling(path.getFileName() + STAGED));
            }
        }
    }

    @Override
    public void close() throws IOException {
        dropStaged(images);
    }
}
