package io.godwit.link;

import io.godwit.core.Channel;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocket;

/** A channel to a paired site over TLS 1.3, both ends proved. One thread may read while another writes and a third closes. */
public final class PeerChannel implements Channel {
    /** Output is gathered into records of up to this size, the largest that TLS has. */
    private static final int OUTPUT_BUFFER_BYTES = 16 << 10;

    /** How long {@link #close} tries to say goodbye to a peer that may not be reading. */
    private static final Duration GOODBYE = Duration.ofMillis(200);

    private final Peer peer;
    private final Hello hello;
    private final CountedSocket raw;
    private final SSLSocket socket;
    private final InputStream input;
    private final OutputStream output;
    private final AtomicBoolean closed = new AtomicBoolean();

    PeerChannel(Peer peer, Hello hello, CountedSocket raw, SSLSocket socket) throws IOException {
        this.peer = peer;
        this.hello = hello;
        this.raw = raw;
        this.socket = socket;
        this.input = new OpenInput(socket.getInputStream());
        this.output = new BufferedOutputStream(socket.getOutputStream(), OUTPUT_BUFFER_BYTES);
    }

    /** Who is at the other end, as proved by TLS. */
    public SiteName peer() {
        return peer.name();
    }

    public ChannelKind kind() {
        return hello.kind();
    }

    public Optional<GroupName> group() {
        return hello.group();
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    /** A read that waits longer than this for a byte fails with {@link java.net.SocketTimeoutException}; zero: it may wait for ever. */
    public void readTimeout(Duration silence) throws IOException {
        socket.setSoTimeout(Math.toIntExact(silence.toMillis()));
    }

    /** Bytes given to TCP so far: TLS records and handshake, without the headers of TCP and IP. */
    public long bytesSent() {
        return raw.bytesSent();
    }

    /** Bytes taken from TCP so far, counted like {@link #bytesSent}. */
    public long bytesReceived() {
        return raw.bytesReceived();
    }

    /**
     * Ends the channel: what was flushed before is still delivered if the peer goes on reading; reads and writes in
     * other threads fail. Returns within a fraction of a second even if the peer does not read.
     */
    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Thread goodbye = Thread.ofVirtual().name("link-goodbye").start(this::sayGoodbye);
        try {
            goodbye.join(GOODBYE);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        raw.close();
    }

    /** Sends TLS's closing alert; blocks for as long as another thread's write does. */
    private void sayGoodbye() {
        try {
            socket.shutdownOutput();
        } catch (IOException alreadyGone) {
            // A broken connection needs no goodbye.
        }
    }

    /** The peer's bytes; a channel that this side closed has no end of stream, even if the peer closes in reply. */
    private final class OpenInput extends FilterInputStream {
        OpenInput(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            return checked(in.read());
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return checked(in.read(bytes, offset, length));
        }

        private int checked(int result) throws IOException {
            if (result < 0 && closed.get()) {
                throw new IOException("this channel was closed here");
            }
            return result;
        }
    }
}
