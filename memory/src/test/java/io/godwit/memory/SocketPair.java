package io.godwit.memory;

import io.godwit.core.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Two channels that are each other's peer, over the loopback interface. */
record SocketPair(Channel left, Channel right) implements AutoCloseable {
    static SocketPair open() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Socket left = new Socket(server.getInetAddress(), server.getLocalPort());
            Socket right = server.accept();
            left.setTcpNoDelay(true);
            right.setTcpNoDelay(true);
            return new SocketPair(
                    new SocketChannel(left, left.getInputStream(), left.getOutputStream()),
                    new SocketChannel(right, right.getInputStream(), right.getOutputStream()));
        }
    }

    /** Ends both channels at once, as a link does that breaks. */
    void cut() throws IOException {
        left.close();
        right.close();
    }

    @Override
    public void close() throws IOException {
        cut();
    }

    private record SocketChannel(Socket socket, InputStream input, OutputStream output) implements Channel {
        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
