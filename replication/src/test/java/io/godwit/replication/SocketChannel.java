package io.godwit.replication;

import io.godwit.core.Channel;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A channel over a plain TCP connection on the loopback interface, for tests. */
final class SocketChannel implements Channel {
    private final Socket socket;
    private final InputStream input;
    private final OutputStream output;

    SocketChannel(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        this.socket = socket;
        this.input = socket.getInputStream();
        this.output = new BufferedOutputStream(socket.getOutputStream());
    }

    private SocketChannel(Socket socket, int nanosPerKib) throws IOException {
        this.socket = socket;
        this.input = new SlowInput(socket.getInputStream(), nanosPerKib);
        this.output = new BufferedOutputStream(socket.getOutputStream());
    }

    /** The two ends of one connection; the second one takes so long for each KiB that it reads. */
    static List<SocketChannel> pair(int nanosPerKib) throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Socket one = new Socket(listener.getInetAddress(), listener.getLocalPort());
            return List.of(new SocketChannel(one), new SocketChannel(listener.accept(), nanosPerKib));
        }
    }

    /** A link that is slower than who writes to it. */
    private static final class SlowInput extends FilterInputStream {
        private final int nanosPerKib;

        SlowInput(InputStream in, int nanosPerKib) {
            super(in);
            this.nanosPerKib = nanosPerKib;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int got = super.read(into, offset, Math.min(length, 16 << 10));
            LockSupport.parkNanos((long) Math.max(0, got) * nanosPerKib / 1024);
            return got;
        }
    }

    /** The two ends of one connection. */
    static List<SocketChannel> pair() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Socket one = new Socket(listener.getInetAddress(), listener.getLocalPort());
            return List.of(new SocketChannel(one), new SocketChannel(listener.accept()));
        }
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
