package io.godwit.volume;

import io.godwit.volume.libnbd.RemoteExport;
import io.godwit.volume.libnbd.RemoteExport.Run;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Access by the byte to an export that wants whole blocks and takes so much at once: what doesn't fill a block is read
 * before it is written. Only one thread at a time may change an export in this way.
 */
final class WholeBlocks {
    private static final int ZEROES_BYTES = 1 << 20;

    private WholeBlocks() {}

    /** Fills {@code into} from {@code offset} on. */
    static void read(RemoteExport export, long offset, ByteBuffer into) throws IOException {
        int block = export.minimumBlock();
        long from = down(offset, block);
        long to = up(offset + into.remaining(), block);
        boolean fits = from == offset && to == offset + into.remaining() && into.isDirect();
        ByteBuffer whole = fits ? into : ByteBuffer.allocateDirect(Math.toIntExact(to - from));
        int begin = whole.position();
        int step = down(export.maximumTransfer(), block);
        for (int done = 0; done < to - from; done += step) {
            int part = (int) Math.min(step, to - from - done);
            export.read(from + done, whole.slice(begin + done, part));
        }
        if (!fits) {
            into.put(whole.slice((int) (offset - from), into.remaining()));
        }
    }

    static void write(RemoteExport export, long offset, ByteBuffer content) throws IOException {
        int block = export.minimumBlock();
        long from = down(offset, block);
        long to = up(offset + content.remaining(), block);
        boolean fits = from == offset && to == offset + content.remaining();
        ByteBuffer whole = content;
        if (!fits || !content.isDirect()) {
            whole = ByteBuffer.allocateDirect(Math.toIntExact(to - from));
            if (!fits) {
                read(export, from, whole.duplicate());
            }
            whole.duplicate().position((int) (offset - from)).put(content);
        }
        int begin = whole.position();
        int step = down(export.maximumTransfer(), block);
        for (int done = 0; done < to - from; done += step) {
            int part = (int) Math.min(step, to - from - done);
            export.write(from + done, whole.slice(begin + done, part));
        }
    }

    /** Makes a range read as zeroes: its whole blocks by a command, where there is one. */
    static void clear(RemoteExport export, long offset, long length, boolean keepsSpace) throws IOException {
        long end = offset + length;
        if (!export.canZero()) {
            writeZeroes(export, offset, length);
            return;
        }
        int block = export.minimumBlock();
        long from = Math.min(end, up(offset, block));
        long to = Math.max(from, down(end, block));
        writeZeroes(export, offset, from - offset);
        if (to > from) {
            export.zero(from, to - from, keepsSpace);
        }
        writeZeroes(export, to, end - to);
    }

    private static void writeZeroes(RemoteExport export, long offset, long length) throws IOException {
        ByteBuffer zeroes = ByteBuffer.allocateDirect((int) Math.min(ZEROES_BYTES, length));
        for (long done = 0; done < length; done += zeroes.capacity()) {
            int part = (int) Math.min(zeroes.capacity(), length - done);
            write(export, offset + done, zeroes.slice(0, part));
        }
    }

    /** The run that begins at {@code offset}, cut at {@code to}. */
    static Run run(RemoteExport export, long offset, long to) throws IOException {
        int block = export.minimumBlock();
        long from = down(offset, block);
        long atMost = Math.min(up(to, block) - from, down(Integer.MAX_VALUE, block));
        Run found = export.run(from, atMost);
        return new Run(Math.min(to, from + found.length()) - offset, found.hole(), found.zero());
    }

    private static long down(long value, int block) {
        return value / block * block;
    }

    private static int down(int value, int block) {
        return value / block * block;
    }

    private static long up(long value, int block) {
        return (value + block - 1) / block * block;
    }
}
