package io.godwit.replication;

import io.godwit.core.Channel;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;

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
