package io.godwit.volume.nbd;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import javax.net.ssl.SSLSocket;

/** A TLS connection as a channel, for one thread that reads and one at a time that writes. */
final class TlsChannel implements ByteChannel {
    /** As much as one record of TLS holds. */
    private static final int PIECE_BYTES = 16 << 10;

    private final SSLSocket socket;
    private final InputStream input;
    private final OutputStream output;
    private final byte[] received = new byte[PIECE_BYTES];
    private final byte[] sent = new byte[PIECE_BYTES];

    TlsChannel(SSLSocket socket) throws IOException {
        this.socket = socket;
        this.input = socket.getInputStream();
        this.output = socket.getOutputStream();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int count = input.read(received, 0, Math.min(received.length, into.remaining()));
        if (count > 0) {
            into.put(received, 0, count);
        }
        return count;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int count = Math.min(sent.length, from.remaining());
        from.get(sent, 0, count);
        output.write(sent, 0, count);
        return count;
    }

    @Override
    public boolean isOpen() {
        return !socket.isClosed();
    }

    /** Says that nothing more comes. The TCP connection below is its owner's to close. */
    @Override
    public void close() throws IOException {
        socket.shutdownOutput();
    }
}
