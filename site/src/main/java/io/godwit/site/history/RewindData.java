package io.godwit.site.history;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.volume.DiskRange;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.GroupStore;
import io.godwit.volume.PointDisk;
import io.godwit.volume.PointView;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * What a rewind will write, in a file of its own: runs of a disk with their content, or zeroes. Big-endian: {@code u16 disk |
 * u64 offset | u32 length | u8 1 and the content, or 0 for zeroes}, again and again; the end of the file is the end.
 */
final class RewindData {
    private static final int PIECE_BYTES = 1 << 20;
    private static final int ZEROES = 0;
    private static final int CONTENT = 1;

    private RewindData() {}

    /** Takes what is to be written, with the disk's number in the group. */
    interface Sink {
        void write(int disk, long offset, ByteBuffer content) throws IOException, InterruptedException;

        void zero(int disk, long offset, long length) throws IOException, InterruptedException;
    }

    /** What the ranges held at the point goes to the file, and to stable storage. Returns the checksum of all of it. */
    static int write(Path file, GroupStore store, PointView view, List<DiskRange> ranges) throws IOException {
        CRC32C sum = new CRC32C();
        try (FileOutputStream stored = new FileOutputStream(file.toFile());
                OutputStream summed = new CheckedOutputStream(new BufferedOutputStream(stored, PIECE_BYTES), sum);
                DataOutputStream out = new DataOutputStream(summed)) {
            List<PointDisk> disks = view.disks();
            for (DiskRange range : ranges) {
                int number = store.disks().stream().map(DiskSpec::name).toList().indexOf(range.disk());
                write(out, number, disks.get(number), range);
            }
            out.flush();
            stored.getFD().sync();
        }
        return (int) sum.getValue();
    }

    private static void write(DataOutputStream out, int number, PointDisk disk, DiskRange range) throws IOException {
        for (long at = range.offset(); at < range.end(); at += PIECE_BYTES) {
            byte[] content = new byte[(int) Math.min(PIECE_BYTES, range.end() - at)];
            disk.read(at, ByteBuffer.wrap(content));
            boolean zeroes = isZero(content);
            out.writeShort(number);
            out.writeLong(at);
            out.writeInt(content.length);
            out.writeByte(zeroes ? ZEROES : CONTENT);
            if (!zeroes) {
                out.write(content);
            }
        }
    }

    private static boolean isZero(byte[] content) {
        for (byte one : content) {
            if (one != 0) {
                return false;
            }
        }
        return true;
    }

    /** @throws GodwitException CORRUPT if it isn't what was written */
    static void check(Path file, int checksum) throws IOException {
        CRC32C sum = new CRC32C();
        try (CheckedInputStream in = new CheckedInputStream(Files.newInputStream(file), sum)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        if ((int) sum.getValue() != checksum) {
            throw damaged(file);
        }
    }

    /** Hands out everything, in order. */
    static void read(Path file, Sink sink) throws IOException, InterruptedException {
        long left = Files.size(file);
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file), PIECE_BYTES))) {
            while (left > 0) {
                int disk = in.readUnsignedShort();
                long offset = in.readLong();
                int length = in.readInt();
                int kind = in.readUnsignedByte();
                if (offset < 0 || length <= 0 || length > PIECE_BYTES || kind > CONTENT) {
                    throw damaged(file);
                }
                left -= Short.BYTES + Long.BYTES + Integer.BYTES + 1;
                if (kind == ZEROES) {
                    sink.zero(disk, offset, length);
                } else {
                    byte[] content = new byte[length];
                    in.readFully(content);
                    left -= length;
                    sink.write(disk, offset, ByteBuffer.wrap(content));
                }
            }
        }
    }

    private static GodwitException damaged(Path file) {
        return new GodwitException(ErrorCode.CORRUPT, "%s is damaged: the rewind can't be finished".formatted(file));
    }
}
