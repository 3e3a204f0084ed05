package io.godwit.lab.keeper;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.Optional;

/** Lines of at most {@link #MAX_LINE_BYTES}, read from a channel; a longer one is an error. For one thread. */
final class Lines {
    static final int MAX_LINE_BYTES = 1 << 20;

    private final ReadableByteChannel channel;
    private byte[] content = new byte[4096];
    private int filled;

    Lines(ReadableByteChannel channel) {
        this.channel = channel;
    }

    /** The next line without its end; empty when the channel has ended, also in the middle of a line. */
    Optional<byte[]> next() throws IOException {
        int searched = 0;
        while (true) {
            for (; searched < filled; searched++) {
                if (content[searched] == '\n') {
                    return Optional.of(take(searched));
                }
            }
            if (!fill()) {
                return Optional.empty();
            }
        }
    }

    static void write(WritableByteChannel channel, byte[] line) throws IOException {
        ByteBuffer out =
                ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n').flip();
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    private byte[] take(int length) {
        byte[] line = Arrays.copyOf(content, length);
        System.arraycopy(content, length + 1, content, 0, filled - length - 1);
        filled -= length + 1;
        return line;
    }

    private boolean fill() throws IOException {
        if (filled == MAX_LINE_BYTES) {
            throw new IOException("a line is longer than %d bytes".formatted(MAX_LINE_BYTES));
        }
        if (filled == content.length) {
            content = Arrays.copyOf(content, Math.min(2 * filled, MAX_LINE_BYTES));
        }
        int count = channel.read(ByteBuffer.wrap(content, filled, content.length - filled));
        filled += Math.max(0, count);
        return count >= 0;
    }
}
