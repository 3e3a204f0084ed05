package io.godwit.replication;

import io.godwit.core.Channel;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A channel cut into frames: 32-bit length of the body, 8-bit type, body. One thread reads; many may write, a frame at a
 * time. Counts what crosses in both directions.
 */
final class Frames {
    /** The largest body: a batch of records or a chunk of a disk, which may not compress. */
    static final int MAX_BODY_BYTES = Packed.MAX_RAW_BYTES + (64 << 10);

    private static final int HEADER_BYTES = 5;

    /** One frame as received; the body is valid until the next one is read. */
    record Frame(int type, ByteBuffer body) {}

    private final Heard heard;
    private final DataInputStream input;
    private final DataOutputStream output;
    private final LongAdder traffic;
    private final ReentrantLock writing = new ReentrantLock();
    private byte[] body = new byte[4096];

    Frames(Channel channel, LongAdder traffic) {
        this.heard = new Heard(channel.input());
        this.input = new DataInputStream(heard);
        this.output = new DataOutputStream(channel.output());
        this.traffic = traffic;
    }

    /** How long the reading thread has been waiting without a byte; zero while it does something else. */
    Duration silence() {
        return heard.silence();
    }

    /**
     * The next frame.
     *
     * @throws GodwitException CORRUPT if it is longer than any frame
     */
    Frame read() throws IOException {
        try {
            return readWhole();
        } catch (EOFException end) {
            throw new IOException("the other side closed the channel", end);
        }
    }

    private Frame readWhole() throws IOException {
        int length = input.readInt();
        int type = input.readUnsignedByte();
        if (length < 0 || length > MAX_BODY_BYTES) {
            throw new GodwitException(
                    ErrorCode.CORRUPT,
                    "the other side sent a frame of %d bytes".formatted(Integer.toUnsignedLong(length)));
        }
        if (body.length < length) {
            body = new byte[length];
        }
        input.readFully(body, 0, length);
        traffic.add(HEADER_BYTES + (long) length);
        return new Frame(type, ByteBuffer.wrap(body, 0, length).slice());
    }

    /** Sends a frame whose body is the rest of the buffer, which must have an array. */
    void write(int type, ByteBuffer content) throws IOException {
        writing.lock();
        try {
            output.writeInt(content.remaining());
            output.writeByte(type);
            output.write(content.array(), content.arrayOffset() + content.position(), content.remaining());
            output.flush();
            traffic.add(HEADER_BYTES + (long) content.remaining());
        } finally {
            writing.unlock();
        }
    }
}
