package io.godwit.lab.net;

import io.godwit.core.ByteCount;
import io.godwit.core.Command;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.lab.LabPaths;
import io.godwit.lab.Place;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** A site's own disk: ext4 in a sparse file, so that a site can run out of space without the machine doing so. */
public record SiteDisk(Place site, LabPaths paths) {
    /** Makes the file system and mounts it where the site keeps its state. */
    public void make(ByteCount size) throws IOException {
        Path image = paths.diskImage(site);
        allocate(image, size);
        Command.of(
                        "mkfs.ext4",
                        "-q",
                        "-F",
                        "-m",
                        "0",
                        "-T",
                        "largefile",
                        "-E",
                        "lazy_itable_init=1,lazy_journal_init=1,nodiscard",
                        image.toString())
                .run();
        Path mountPoint = Files.createDirectories(paths.siteState(site));
        // The kernel lets go of the loop device by itself when this is unmounted.
        Command.of("mount", "-t", "ext4", "-o", "loop,noatime,noinit_itable", image.toString(), mountPoint.toString())
                .run();
        bypassTheMachinesCache(image);
    }

    /** What a site writes is cached by its own file system; where the image's file system can, it isn't cached once more below. */
    private static void bypassTheMachinesCache(Path image) {
        Command.of("losetup", "--associated", image.toString(), "--output", "NAME", "--noheadings")
                .run()
                .lines()
                .forEach(device ->
                        Command.of("losetup", "--direct-io=on", device.strip()).attempt());
    }

    private void allocate(Path image, ByteCount size) {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(size.bytes());
        } catch (IOException tooLarge) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "%s cannot have a disk of %s here: %s".formatted(site, size, tooLarge.getMessage()),
                    tooLarge);
        }
    }
}
