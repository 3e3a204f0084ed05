package io.godwit.site.group;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/** A port in front of another one; what callers send takes as long as is said, until the line is cut. */
final class SlowLine implements AutoCloseable {
    private static final int BUFFER_BYTES = 32 << 10;
    private static final int KIB = 1024;

    private final ServerSocket listener = new ServerSocket();
    private final int port;
    private final List<Closeable> open = new CopyOnWriteArrayList<>();
    private volatile long nanosPerKib;

    SlowLine(int port) throws IOException {
        this.port = port;
        listener.setReceiveBufferSize(BUFFER_BYTES);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        open.add(listener);
        Thread.ofVirtual().name("slow-line").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    void slowDown(long perKib) {
        nanosPerKib = perKib;
    }

    private void accept() {
        try {
            while (true) {
                Socket near = listener.accept();
                open.add(near);
                Socket far = new Socket();
                open.add(far);
                far.setSendBufferSize(BUFFER_BYTES);
                far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                Thread.ofVirtual().name("there").start(() -> carry(near, far, true));
                Thread.ofVirtual().name("back").start(() -> carry(far, near, false));
            }
        } catch (IOException cut) {
            // There is no line any more.
        }
    }

    private void carry(Socket from, Socket to, boolean there) {
        byte[] buffer = new byte[BUFFER_BYTES / 2];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                LockSupport.parkNanos(there ? nanosPerKib * got / KIB : 0);
                out.write(buffer, 0, got);
            }
        } catch (IOException cut) {
            // The other end notices.
        }
    }

    /** Cuts the line for good. */
    @Override
    public void close() throws IOException {
        for (Closeable each : open) {
            each.close();
        }
    }
}
