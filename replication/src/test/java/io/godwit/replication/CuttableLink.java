package io.godwit.replication;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A way between two processes, by TCP on the loopback interface, that breaks when it is told to: in the middle of whatever crosses it. */
final class CuttableLink implements AutoCloseable {
    private static final int PIECE_BYTES = 16 << 10;

    private final ServerSocket listener;
    private final List<Socket> open = new ArrayList<>();
    private volatile int target;
    private volatile int pauseMillis;
    private long untilCut = Long.MAX_VALUE;

    CuttableLink() throws IOException {
        listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("link").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Where new connections lead from now on. */
    void leadTo(int port) {
        target = port;
    }

    /** Breaks all connections after so many more bytes from the source. */
    synchronized void cutAfter(long bytes) {
        untilCut = bytes;
    }

    /** Lets each 16 KiB wait so long. */
    void slow(int millis) {
        pauseMillis = millis;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket from = listener.accept();
                Socket to = connect(from);
                Thread.ofPlatform().daemon().start(() -> pump(from, to, true));
                Thread.ofPlatform().daemon().start(() -> pump(to, from, false));
            } catch (IOException nobodyThere) {
                // The source dials again.
            }
        }
    }

    private Socket connect(Socket from) throws IOException {
        try {
            Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
            synchronized (this) {
                open.add(from);
                open.add(to);
            }
            return to;
        } catch (IOException refused) {
            from.close();
            throw refused;
        }
    }

    private void pump(Socket from, Socket to, boolean fromSource) {
        byte[] piece = new byte[PIECE_BYTES];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
                Thread.sleep(pauseMillis);
                int through = fromSource ? allowed(got) : got;
                out.write(piece, 0, through);
                if (through < got) {
                    cut();
                }
            }
        } catch (IOException broken) {
            // That is what it is for.
        } catch (InterruptedException never) {
            throw new IllegalStateException(never);
        }
    }

    private synchronized int allowed(int bytes) {
        int through = (int) Math.min(bytes, untilCut);
        untilCut -= untilCut == Long.MAX_VALUE ? 0 : through;
        return through;
    }

    private synchronized void cut() throws IOException {
        untilCut = Long.MAX_VALUE;
        for (Socket socket : open) {
            socket.close();
        }
        open.clear();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
