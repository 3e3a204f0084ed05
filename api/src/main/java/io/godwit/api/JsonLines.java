package io.godwit.api;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Lines of UTF-8 text over a byte stream, none longer than {@value #MAX_LINE_BYTES} bytes. */
public final class JsonLines {
    public static final int MAX_LINE_BYTES = 4 << 20;

    private final InputStream in;
    private final OutputStream out;

    public JsonLines(InputStream in, OutputStream out) {
        this.in = new BufferedInputStream(in);
        this.out = out;
    }

    public static JsonLines over(SocketChannel channel) {
        return new JsonLines(Channels.newInputStream(channel), Channels.newOutputStream(channel));
    }

    public synchronized void write(String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** The next line without its end, or empty when the other side has closed. */
    public Optional<String> read() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                if (line.size() > 0) {
                    throw new IOException("the connection ended in the middle of a line");
                }
                return Optional.empty();
            }
            if (line.size() == MAX_LINE_BYTES) {
                throw new IOException("a line is longer than " + MAX_LINE_BYTES + " bytes");
            }
            line.write(next);
        }
        return Optional.of(line.toString(StandardCharsets.UTF_8));
    }
}
