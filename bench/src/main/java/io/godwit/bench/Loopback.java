package io.godwit.bench;

import io.godwit.core.Channel;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;

/** One end of a connection within this machine, in place of the link between two sites. */
public final class Loopback implements Channel {
    private final Socket socket;
    private final InputStream input;
    private final OutputStream output;

    /** This end of a connection that was made already. */
    public Loopback(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        this.socket = socket;
        this.input = socket.getInputStream();
        this.output = new BufferedOutputStream(socket.getOutputStream());
    }

    /** The two ends of one connection. */
    public static List<Loopback> pair() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Socket one = new Socket(listener.getInetAddress(), listener.getLocalPort());
            return List.of(new Loopback(one), new Loopback(listener.accept()));
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
