package io.godwit.volume.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A client that sends what a test wants sent, right or wrong. */
final class NbdClient implements AutoCloseable {
    private final SocketChannel socket;
    private final DataInputStream input;
    private final DataOutputStream output;

    private NbdClient(Path path) throws IOException {
        socket = SocketChannel.open(UnixDomainSocketAddress.of(path));
        input = new DataInputStream(Channels.newInputStream(socket));
        output = new DataOutputStream(Channels.newOutputStream(socket));
    }

    /** Chooses an export with simple replies. */
    static NbdClient connect(Path path, String export) throws IOException {
        NbdClient client = new NbdClient(path);
        client.input.readNBytes(18);
        client.output.writeInt(NbdProtocol.FLAG_FIXED_NEWSTYLE | NbdProtocol.FLAG_NO_ZEROES);
        client.output.writeLong(NbdProtocol.IHAVEOPT);
        client.output.writeInt(NbdProtocol.OPT_EXPORT_NAME);
        client.output.writeInt(export.length());
        client.output.write(export.getBytes(UTF_8));
        client.input.readNBytes(10);
        return client;
    }

    void request(int flags, int type, long cookie, long offset, long length, byte... payload) throws IOException {
        output.writeInt(NbdProtocol.REQUEST_MAGIC);
        output.writeShort(flags);
        output.writeShort(type);
        output.writeLong(cookie);
        output.writeLong(offset);
        output.writeInt((int) length);
        output.write(payload);
    }

    /** The next simple reply must be to {@code cookie}; returns its error. */
    int reply(long cookie) throws IOException {
        assertThat(input.readInt()).isEqualTo(NbdProtocol.SIMPLE_REPLY_MAGIC);
        int error = input.readInt();
        assertThat(input.readLong()).isEqualTo(cookie);
        return error;
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
