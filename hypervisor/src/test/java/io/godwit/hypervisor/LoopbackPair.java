package io.godwit.hypervisor;

import io.godwit.core.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Two channels that are each other's peer. */
record LoopbackPair(Channel source, Channel target) {
    static LoopbackPair open() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Socket source = new Socket(server.getInetAddress(), server.getLocalPort());
            return new LoopbackPair(channel(source), channel(server.accept()));
        }
    }

    private static Channel channel(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        return new SocketChannel(socket, socket.getInputStream(), socket.getOutputStream());
    }

    private record SocketChannel(Socket socket, InputStream input, OutputStream output) implements Channel {
        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
