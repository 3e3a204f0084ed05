package io.godwit.volume;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.posix.PosixFile;
import io.godwit.core.posix.PosixFile.Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens, makes and measures base images, whatever they are. */
public final class BaseImages {
    private static final int TYPE_MASK = 0170000;
    private static final int REGULAR_FILE = 0100000;
    private static final int BLOCK_DEVICE = 0060000;

    private BaseImages() {}

    /** The image of a disk. One that is on a server is opened also while that is away: then what is done with it waits. */
    static BaseImage open(DiskSpec spec) throws IOException {
        return switch (spec.base()) {
            case BaseLocation.Local(Path path) ->
                isBlockDevice(path) ? DeviceImage.open(spec, path) : RawImage.open(spec, path);
            case BaseLocation.Remote remote -> new NbdImage(spec, remote);
        };
    }

    /** Makes a raw file, all zeroes, where nothing is; otherwise makes sure that what is there can be a disk's image. */
    static void make(DiskSpec spec) throws IOException {
        switch (spec.base()) {
            case BaseLocation.Local(Path path) when !Files.exists(path) -> makeFile(spec, path);
            case BaseLocation.Local _ -> open(spec).close();
            case BaseLocation.Remote remote ->
                NbdImage.check(remote, spec.size().bytes());
        }
    }

    private static void makeFile(DiskSpec spec, Path path) throws IOException {
        try (PosixFile image = PosixFile.open(path, Access.CREATE)) {
            image.truncate(spec.size().bytes());
            image.sync();
        }
        Path parent = path.getParent();
        if (parent != null) {
            Segment.syncDirectory(parent);
        }
    }

    /**
     * The size of what is there.
     *
     * @throws GodwitException NOT_FOUND if nothing is there, BAD_INPUT or UNSUPPORTED if it can't be a base image,
     *     UNREACHABLE if its server doesn't answer
     */
    public static ByteCount size(BaseLocation location) throws IOException {
        return switch (location) {
            case BaseLocation.Local(Path path) -> localSize(path);
            case BaseLocation.Remote remote -> new ByteCount(NbdImage.size(remote));
        };
    }

    /** Whether it is certain that nothing was ever written to a disk's image; only of a file that is known. */
    public static boolean isEmpty(DiskSpec spec) throws IOException {
        return switch (spec.base()) {
            case BaseLocation.Local(Path path) -> !Files.exists(path) || (!isBlockDevice(path) && isEmpty(path));
            case BaseLocation.Remote _ -> false;
        };
    }

    private static boolean isEmpty(Path file) throws IOException {
        try (PosixFile image = PosixFile.open(file, Access.READ)) {
            return image.nextData(0).isEmpty();
        }
    }

    private static ByteCount localSize(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new GodwitException(ErrorCode.NOT_FOUND, "there is no image at " + path);
        }
        if (!isBlockDevice(path) && type(path) != REGULAR_FILE) {
            throw new GodwitException(ErrorCode.BAD_INPUT, path + " is neither a file nor a block device");
        }
        try (PosixFile image = PosixFile.open(path, isBlockDevice(path) ? Access.EXCLUSIVE : Access.READ)) {
            return new ByteCount(image.size());
        }
    }

    private static boolean isBlockDevice(Path path) throws IOException {
        return Files.exists(path) && type(path) == BLOCK_DEVICE;
    }

    private static int type(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode") & TYPE_MASK;
    }
}
