package io.godwit.volume.nbd;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** What a client sends, buffered: whole pieces are taken out where they were received, without a copy. For one thread. */
final class Inlet {
    private final ReadableByteChannel channel;
    /** Between position and limit is what was received and not taken yet. */
    private final ByteBuffer buffer;

    private long taken;

    /** @param capacity bytes; no larger piece can be taken */
    Inlet(ReadableByteChannel channel, int capacity) {
        this.channel = channel;
        this.buffer = ByteBuffer.allocateDirect(capacity).limit(0);
    }

    /** Bytes taken so far. */
    long taken() {
        return taken;
    }

    /** Whether so many bytes can be taken without waiting. */
    boolean holds(int bytes) {
        return buffer.remaining() >= bytes;
    }

    /**
     * The next bytes; they stay valid until the next call.
     *
     * @throws EOFException if the client goes away before it has sent them
     */
    ByteBuffer take(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            receive(bytes);
        }
        ByteBuffer piece = buffer.slice(buffer.position(), bytes);
        buffer.position(buffer.position() + bytes);
        taken += bytes;
        return piece;
    }

    private void receive(int bytes) throws IOException {
        if (!buffer.hasRemaining()) {
            buffer.clear().limit(0);
        } else if (buffer.capacity() - buffer.position() < bytes) {
            buffer.compact().flip();
        }
        while (buffer.remaining() < bytes) {
            int end = buffer.limit();
            ByteBuffer free = buffer.duplicate().clear().position(end);
            int got = channel.read(free);
            if (got < 0) {
                throw new EOFException("the client went away");
            }
            buffer.limit(end + got);
        }
    }

    /** Takes bytes that nobody wants. */
    void skip(long bytes) throws IOException {
        for (long left = bytes; left > 0; ) {
            int part = (int) Math.min(left, buffer.capacity());
            take(part);
            left -= part;
        }
    }
}
