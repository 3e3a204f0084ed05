package io.godwit.volume;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.DurableFile;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.posix.PosixFile;
import io.godwit.core.posix.PosixFile.Access;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.OptionalLong;

/**
 * A copy of a group's disks in a directory, so that people can carry it to another site: a sparse raw file {@code DISK.raw} for
 * each, and a manifest, which is written last. Nothing of it is believed before its digest was compared.
 */
public record CarriedCopy(Path directory) {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int ZEROES_BYTES = 64 << 10;

    DurableFile manifestFile() {
        return new DurableFile(directory.resolve("godwit-copy"));
    }

    /** What a stop in the middle of writing the manifest leaves. */
    Path unfinishedManifest() {
        return directory.resolve("godwit-copy.new");
    }

    Path image(DiskName disk) {
        return directory.resolve(disk + ".raw");
    }

    /**
     * What is here; the disks' files are there and have their sizes.
     *
     * @throws GodwitException NOT_FOUND if this is no copy, or an unfinished one, BAD_INPUT if something is wrong with it
     */
    public CopyManifest manifest() throws IOException {
        if (!Files.exists(manifestFile().path())) {
            throw new GodwitException(
                    ErrorCode.NOT_FOUND,
                    "%s holds no copy of a group, or an export that was not finished: there is no file %s"
                            .formatted(directory, manifestFile().path().getFileName()));
        }
        CopyManifest manifest = CopyManifest.read(manifestFile());
        for (CopyManifest.Disk disk : manifest.disks()) {
            Path image = image(disk.name());
            if (!Files.isRegularFile(image, LinkOption.NOFOLLOW_LINKS)) {
                throw new GodwitException(ErrorCode.BAD_INPUT, "there is no file " + image);
            }
            if (Files.size(image) != disk.size().bytes()) {
                throw new GodwitException(
                        ErrorCode.BAD_INPUT,
                        "%s has %d bytes, but its disk has %d"
                                .formatted(image, Files.size(image), disk.size().bytes()));
            }
        }
        return manifest;
    }

    /** Copies a disk's content to a file that doesn't exist yet, zeroes as holes; it is on stable storage when this returns. */
    public void copy(CopyManifest.Disk disk, Path to, CopyWatch watch) throws IOException {
        try (PosixFile from = PosixFile.open(image(disk.name()), Access.READ);
                PosixFile into = PosixFile.open(to, Access.CREATE)) {
            long size = disk.size().bytes();
            into.truncate(size);
            ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
            OptionalLong data = from.nextData(0);
            while (data.isPresent() && data.getAsLong() < size) {
                long at = data.getAsLong();
                long end = Math.min(size, from.nextHole(at));
                copy(from, into, at, end, chunk, watch);
                data = end < size ? from.nextData(end) : OptionalLong.empty();
            }
            into.sync();
        }
    }

    private static void copy(PosixFile from, PosixFile into, long begin, long end, ByteBuffer chunk, CopyWatch watch)
            throws IOException {
        for (long at = begin; at < end; at += chunk.limit()) {
            from.read(chunk.clear().limit((int) Math.min(CHUNK_BYTES, end - at)), at);
            if (chunk.hasRemaining()) {
                throw new IOException(from.path() + " became shorter while it was read");
            }
            for (int piece = 0; piece < chunk.limit(); piece += ZEROES_BYTES) {
                ByteBuffer bytes = chunk.slice(piece, Math.min(ZEROES_BYTES, chunk.limit() - piece));
                if (!Zeroes.only(bytes)) {
                    into.write(bytes, at + piece);
                }
            }
            watch.done(chunk.limit());
        }
    }

    /**
     * Makes sure that a file holds exactly what the manifest says of a disk.
     *
     * @throws GodwitException BAD_INPUT if it doesn't
     */
    public void verify(CopyManifest.Disk disk, Path file, CopyWatch watch) throws IOException {
        String digest = digest(new DiskSpec(disk.name(), disk.size(), file), watch);
        if (!digest.equals(disk.digest())) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "%s is damaged: its content is not what was exported".formatted(image(disk.name())));
        }
    }

    static String digest(DiskSpec file, CopyWatch watch) throws IOException {
        try (BaseImage image = BaseImages.open(file)) {
            return HexFormat.of().formatHex(DiskDigest.of(image, watch::done));
        }
    }

    /** What there is to copy, as far as allocated space tells. */
    public static ByteCount allocated(Path file) throws IOException {
        try (PosixFile opened = PosixFile.open(file, Access.READ)) {
            long size = opened.size();
            long total = 0;
            OptionalLong data = opened.nextData(0);
            while (data.isPresent()) {
                long end = opened.nextHole(data.getAsLong());
                total += end - data.getAsLong();
                data = end < size ? opened.nextData(end) : OptionalLong.empty();
            }
            return new ByteCount(total);
        }
    }

    /** All that there is to copy. */
    public ByteCount allocated(CopyManifest manifest) throws IOException {
        ByteCount total = ByteCount.ZERO;
        for (CopyManifest.Disk disk : manifest.disks()) {
            total = total.plus(allocated(image(disk.name())));
        }
        return total;
    }
}
