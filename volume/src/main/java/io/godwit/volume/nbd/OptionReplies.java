package io.godwit.volume.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** What a server sends during the handshake: its greeting, and replies to a client's options. */
record OptionReplies(WritableByteChannel channel) {
    private static final int HEADER_BYTES = 20;

    void acknowledge(int option) throws IOException {
        reply(option, NbdProtocol.REP_ACK, ByteBuffer.allocate(0));
    }

    /** Refuses with a number for the program and a sentence for its user. */
    void refuse(int option, int error, String sentence) throws IOException {
        byte[] text = sentence.getBytes(UTF_8);
        reply(option, error, ByteBuffer.allocate(text.length).put(text));
    }

    /** @param data filled, not flipped yet */
    void reply(int option, int type, ByteBuffer data) throws IOException {
        data.flip();
        send(ByteBuffer.allocate(HEADER_BYTES + data.remaining())
                .putLong(NbdProtocol.OPTION_REPLY_MAGIC)
                .putInt(option)
                .putInt(type)
                .putInt(data.remaining())
                .put(data));
    }

    /** @param filled not flipped yet */
    void send(ByteBuffer filled) throws IOException {
        filled.flip();
        while (filled.hasRemaining()) {
            channel.write(filled);
        }
    }
}
