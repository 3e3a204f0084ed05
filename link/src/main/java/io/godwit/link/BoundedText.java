package io.godwit.link;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text and byte strings on the wire: 16-bit length, then the bytes. Each reader names the longest that it accepts. */
final class BoundedText {
    private BoundedText() {}

    static byte[] readBytes(DataInputStream in, int maxBytes) throws IOException {
        int length = in.readUnsignedShort();
        if (length > maxBytes) {
            throw new MalformedMessage("a field of %d bytes, where %d are allowed".formatted(length, maxBytes));
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    static void writeBytes(DataOutputStream out, byte[] bytes, int maxBytes) throws IOException {
        byte[] kept = bytes.length > maxBytes ? Arrays.copyOf(bytes, maxBytes) : bytes;
        out.writeShort(kept.length);
        out.write(kept);
    }

    /** Text for people to see: UTF-8; control characters from the other side become spaces. */
    static String read(DataInputStream in, int maxBytes) throws IOException {
        return new String(readBytes(in, maxBytes), StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", " ");
    }

    /** Cuts what is too long. */
    static void write(DataOutputStream out, String text, int maxBytes) throws IOException {
        writeBytes(out, text.getBytes(StandardCharsets.UTF_8), maxBytes);
    }
}
