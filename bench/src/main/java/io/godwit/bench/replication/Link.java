package io.godwit.bench.replication;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/**
 * A wide area link in this process: whoever connects to its port is connected to a port at its other end, and what is sent
 * takes its time. It carries TCP's bytes, not its packets: no handshake is delayed and nothing is lost, for either side
 * that is measured over it.
 */
final class Link implements AutoCloseable {
    private final LinkShape shape;
    private final int target;
    private final ServerSocket listener;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final LongAdder carried = new LongAdder();

    private Link(LinkShape shape, int target, ServerSocket listener) {
        this.shape = shape;
        this.target = target;
        this.listener = listener;
    }

    /** A link to a port of this machine. */
    static Link to(int target, LinkShape shape) throws IOException {
        Link link = new Link(shape, target, new ServerSocket(0, 4, InetAddress.getLoopbackAddress()));
        start("link-accept", link::accept);
        return link;
    }

    /** Where its near end is. */
    int port() {
        return listener.getLocalPort();
    }

    /** Bytes delivered so far, in both directions. */
    long carried() {
        return carried.sum();
    }

    private void accept() {
        try {
            while (true) {
                connect(listener.accept(), new Socket(InetAddress.getLoopbackAddress(), target));
            }
        } catch (IOException closed) {
            close();
        }
    }

    private void connect(Socket near, Socket far) throws IOException {
        for (Socket socket : List.of(near, far)) {
            socket.setTcpNoDelay(true);
            sockets.add(socket);
        }
        carry(near, far);
        carry(far, near);
    }

    private void carry(Socket from, Socket to) throws IOException {
        Lane lane = new Lane(from.getInputStream(), to.getOutputStream(), shape, carried);
        start("link-take", lane::take);
        start("link-deliver", () -> {
            lane.deliver();
            close(from);
            close(to);
        });
    }

    /** Platform threads keep time better than virtual ones, which have no thread of their own. */
    private static void start(String name, Runnable work) {
        Thread.ofPlatform().daemon().name(name).start(work);
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception alreadyGone) {
            // Closed is closed.
        }
    }

    @Override
    public void close() {
        close(listener);
        sockets.forEach(Link::close);
    }
}
