package io.godwit.memory;

import io.godwit.core.ErrorCode;
import io.godwit.core.FileTree;
import io.godwit.core.GodwitException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The batches of a checkpoint that isn't whole yet, in a file that has no name: {@code u16 machine | u32 length | payload}, again and again. The
 * file goes with the process.
 */
final class Spool implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 << 10;

    private final FileChannel file;
    private final long mostBytes;
    private DataOutputStream out;
    private int batches;

    /** Takes the batches. */
    interface Sink {
        void apply(int machine, ByteBuffer payload);
    }

    /** @param mostBytes more than that is refused */
    Spool(Path path, long mostBytes) throws IOException {
        Files.deleteIfExists(path);
        FileTree.makeOwn(path);
        this.file = FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        this.mostBytes = mostBytes;
        this.out = begin();
    }

    private DataOutputStream begin() {
        OutputStream raw = Channels.newOutputStream(file);
        return new DataOutputStream(new BufferedOutputStream(raw, BUFFER_BYTES));
    }

    void add(int machine, ByteBuffer payload) throws IOException {
        if (file.size() + payload.remaining() > mostBytes) {
            throw Corruption.found("a checkpoint that is larger than its machines' memory");
        }
        try {
            out.writeShort(machine);
            out.writeInt(payload.remaining());
            out.write(payload.array(), payload.arrayOffset() + payload.position(), payload.remaining());
        } catch (IOException failed) {
            throw unable(failed);
        }
        batches++;
    }

    /** All that was added is in the file: what comes next fails no more for want of room. */
    void complete() {
        try {
            out.flush();
        } catch (IOException failed) {
            throw unable(failed);
        }
    }

    private static GodwitException unable(IOException failed) {
        return new GodwitException(
                ErrorCode.FAILED, "a checkpoint can't be put aside there: " + failed.getMessage(), failed);
    }

    /** Hands out what was added, in order, and forgets it. */
    void drain(Sink sink) throws IOException {
        complete();
        file.position(0);
        DataInputStream in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(file), BUFFER_BYTES));
        for (; batches > 0; batches--) {
            int machine = in.readUnsignedShort();
            byte[] payload = new byte[in.readInt()];
            in.readFully(payload);
            sink.apply(machine, ByteBuffer.wrap(payload));
        }
        file.truncate(0);
        out = begin();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
