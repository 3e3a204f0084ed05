package io.godwit.volume.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A client that sends what a test wants sent, right or wrong. */
final class NbdClient implements AutoCloseable {
    /** A server's reply to an option. */
    record OptionReply(int option, int type, ByteBuffer data) {}

    /** A piece of a reply with an extended header. */
    record Chunk(int flags, int type, long offset, ByteBuffer payload) {
        /** The error that it reports, 0 for none. */
        int error() {
            return type == NbdProtocol.REPLY_TYPE_ERROR ? payload.getInt(0) : 0;
        }
    }

    private final SocketChannel socket;
    private final DataInputStream input;
    private final DataOutputStream output;

    private NbdClient(SocketChannel socket) throws IOException {
        this.socket = socket;
        input = new DataInputStream(Channels.newInputStream(socket));
        output = new DataOutputStream(Channels.newOutputStream(socket));
        input.readNBytes(18);
        output.writeInt(NbdProtocol.FLAG_FIXED_NEWSTYLE | NbdProtocol.FLAG_NO_ZEROES);
    }

    /** Has been greeted and may ask for options. */
    static NbdClient greeted(Path path) throws IOException {
        return greeted(UnixDomainSocketAddress.of(path));
    }

    static NbdClient greeted(SocketAddress address) throws IOException {
        return new NbdClient(SocketChannel.open(address));
    }

    /** Chooses an export with simple replies. */
    static NbdClient connect(Path path, String export) throws IOException {
        NbdClient client = greeted(path);
        client.option(NbdProtocol.OPT_EXPORT_NAME, export.getBytes(UTF_8));
        client.input.readNBytes(10);
        return client;
    }

    /** Chooses an export with extended headers and block status. */
    static NbdClient extended(Path path, String export) throws IOException {
        NbdClient client = greeted(path);
        client.accepted(NbdProtocol.OPT_EXTENDED_HEADERS);
        client.accepted(NbdProtocol.OPT_SET_META_CONTEXT, question(export));
        client.accepted(NbdProtocol.OPT_GO, goTo(export));
        return client;
    }

    /** The data of SET_META_CONTEXT, for the allocation of an export. */
    static byte[] question(String export) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(bytes);
        data.writeInt(export.length());
        data.writeBytes(export);
        data.writeInt(1);
        data.writeInt(NbdProtocol.BASE_ALLOCATION.length());
        data.writeBytes(NbdProtocol.BASE_ALLOCATION);
        return bytes.toByteArray();
    }

    /** The data of GO and INFO. */
    static byte[] goTo(String export) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(bytes);
        data.writeInt(export.length());
        data.writeBytes(export);
        data.writeShort(0);
        return bytes.toByteArray();
    }

    static byte[] optionBytes(int option, byte... data) {
        return ByteBuffer.allocate(16 + data.length)
                .putLong(NbdProtocol.IHAVEOPT)
                .putInt(option)
                .putInt(data.length)
                .put(data)
                .array();
    }

    void option(int option, byte... data) throws IOException {
        together(optionBytes(option, data));
    }

    /** Sends pieces so that they arrive as one. */
    void together(byte[]... pieces) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            all.write(piece);
        }
        output.write(all.toByteArray());
    }

    OptionReply optionReply() throws IOException {
        assertThat(input.readLong()).isEqualTo(NbdProtocol.OPTION_REPLY_MAGIC);
        return new OptionReply(input.readInt(), input.readInt(), ByteBuffer.wrap(input.readNBytes(input.readInt())));
    }

    /** Asks for an option; returns the type of the last reply to it. */
    int ask(int option, byte... data) throws IOException {
        option(option, data);
        OptionReply reply = optionReply();
        while (reply.type > NbdProtocol.REP_ACK) {
            reply = optionReply();
        }
        assertThat(reply.option).isEqualTo(option);
        return reply.type;
    }

    private void accepted(int option, byte... data) throws IOException {
        assertThat(ask(option, data)).isEqualTo(NbdProtocol.REP_ACK);
    }

    void request(int flags, int type, long cookie, long offset, long length, byte... payload) throws IOException {
        output.writeInt(NbdProtocol.REQUEST_MAGIC);
        header(flags, type, cookie, offset);
        output.writeInt((int) length);
        output.write(payload);
    }

    void extendedRequest(int flags, int type, long cookie, long offset, long length, byte... payload)
            throws IOException {
        output.writeInt(NbdProtocol.EXTENDED_REQUEST_MAGIC);
        header(payload.length == 0 ? flags : flags | NbdProtocol.CMD_FLAG_PAYLOAD_LEN, type, cookie, offset);
        output.writeLong(length);
        output.write(payload);
    }

    private void header(int flags, int type, long cookie, long offset) throws IOException {
        output.writeShort(flags);
        output.writeShort(type);
        output.writeLong(cookie);
        output.writeLong(offset);
    }

    /** The next simple reply must be to {@code cookie}; returns its error. */
    int reply(long cookie) throws IOException {
        assertThat(input.readInt()).isEqualTo(NbdProtocol.SIMPLE_REPLY_MAGIC);
        int error = input.readInt();
        assertThat(input.readLong()).isEqualTo(cookie);
        return error;
    }

    /** The next chunk with an extended header; it must be of a reply to {@code cookie}. */
    Chunk chunk(long cookie) throws IOException {
        assertThat(input.readInt()).isEqualTo(NbdProtocol.EXTENDED_REPLY_MAGIC);
        int flags = input.readUnsignedShort();
        int type = input.readUnsignedShort();
        assertThat(input.readLong()).isEqualTo(cookie);
        long offset = input.readLong();
        return new Chunk(flags, type, offset, ByteBuffer.wrap(input.readNBytes((int) input.readLong())));
    }

    byte[] data(int length) throws IOException {
        return input.readNBytes(length);
    }

    /** Whether the server has ended the connection. */
    boolean ended() {
        try {
            return input.read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
