package io.godwit.volume.nbd;

import io.godwit.core.GodwitException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Offers disks to NBD clients, on a unix socket that only its owner may use or on a TCP port with TLS. It listens from
 * its construction on, until it is closed; then all connections end, and the socket's file is gone if the server made it.
 */
public final class NbdServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(NbdServer.class.getName());
    /** So many clients may be connected at once; more are turned away. */
    public static final int MAX_CONNECTIONS = 64;
    /** So many where all machines of a site find all their disks. */
    private static final int MAX_GUEST_CONNECTIONS = 4096;
    /** After a failure that is not the end of listening (too many open files, say) it is tried again. */
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(200);

    private final Exports exports;
    private final int maxConnections;
    private final NbdListener listener;
    private final Thread acceptor;
    private final Map<SocketChannel, Thread> connections = new HashMap<>();
    private final Map<SocketChannel, NbdExport> inUse = new HashMap<>();
    private boolean closed;

    private interface Opening {
        NbdListener open() throws IOException;
    }

    /** @throws GodwitException CONFLICT if another server listens there, BAD_INPUT if the path can't be a socket's */
    public NbdServer(Path socket, List<NbdExport> exports) throws IOException {
        this(new Exports(exports), MAX_CONNECTIONS, () -> UnixListener.on(socket.toAbsolutePath()));
    }

    private NbdServer(Exports exports, int maxConnections, Opening opening) throws IOException {
        this.exports = exports;
        this.maxConnections = maxConnections;
        this.listener = opening.open();
        this.acceptor = Thread.ofPlatform().daemon().name("nbd-accept").start(this::acceptAll);
    }

    /**
     * One on a socket that somebody else may hold open while this process isn't there (see {@link UnixListener#keptOpen}), so
     * that clients which come meanwhile needn't come again. Those who want an export that isn't there yet wait for it, until
     * {@link #settle} is called.
     *
     * @throws GodwitException CONFLICT if another server listens there, BAD_INPUT if the path can't be a socket's, or if what is
     *     held open is another socket
     */
    public static NbdServer takingUp(Path socket) throws IOException {
        return new NbdServer(
                new Exports(), MAX_GUEST_CONNECTIONS, () -> UnixListener.keptOpen(socket.toAbsolutePath()));
    }

    /** Says that all exports are there for which clients of an earlier process may ask. */
    public void settle() {
        exports.settle();
    }

    /**
     * One that listens on a TCP port, to clients that protect their connection.
     *
     * @throws GodwitException CONFLICT if it can't listen there
     */
    public static NbdServer overTls(InetSocketAddress address, NbdTls tls, List<NbdExport> exports) throws IOException {
        return new NbdServer(new Exports(exports), MAX_CONNECTIONS, () -> TcpListener.on(address, tls));
    }

    /** Where it listens, if that is a TCP port. */
    public Optional<InetSocketAddress> address() throws IOException {
        return listener instanceof TcpListener port ? Optional.of(port.address()) : Optional.empty();
    }

    /**
     * Offers one more export, to clients that connect from now on.
     *
     * @throws GodwitException BAD_INPUT if its name is taken
     */
    public void add(NbdExport export) {
        exports.add(export);
    }

    /** Ends an export and the connections of its clients; nobody reads or writes its device any more when this returns. */
    public void remove(String name) throws IOException, InterruptedException {
        Map<SocketChannel, Thread> ended = new HashMap<>();
        synchronized (this) {
            exports.remove(name)
                    .ifPresent(removed -> connections.forEach((client, thread) -> {
                        if (removed.equals(inUse.get(client))) {
                            ended.put(client, thread);
                        }
                    }));
        }
        for (SocketChannel client : ended.keySet()) {
            client.close();
        }
        for (Thread thread : ended.values()) {
            thread.join();
        }
    }

    private synchronized boolean beginUse(SocketChannel client, NbdExport export) {
        if (!exports.offers(export)) {
            return false;
        }
        inUse.put(client, export);
        return true;
    }

    private void acceptAll() {
        try {
            while (true) {
                acceptOne();
            }
        } catch (ClosedChannelException ended) {
            LOG.log(System.Logger.Level.DEBUG, "no more clients on {0}", listener);
        } catch (InterruptedException unexpected) {
            LOG.log(System.Logger.Level.WARNING, "nobody listens on " + listener + " any more", unexpected);
        }
    }

    private void acceptOne() throws ClosedChannelException, InterruptedException {
        try {
            admit(listener.accept());
        } catch (ClosedChannelException ended) {
            throw ended;
        } catch (IOException failed) {
            LOG.log(System.Logger.Level.WARNING, "a client could not come in on {0}: {1}", listener, failed);
            Thread.sleep(PAUSE_AFTER_FAILURE);
        }
    }

    private synchronized void admit(SocketChannel client) throws IOException {
        if (closed || connections.size() == maxConnections) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "turned a client away from {0}: {1} are connected",
                    listener,
                    connections.size());
            client.close();
            return;
        }
        NbdConnection connection =
                new NbdConnection(client, listener.tls(), exports, export -> beginUse(client, export));
        Thread thread = Thread.ofPlatform()
                .daemon()
                .name("nbd-" + connections.size())
                .unstarted(() -> {
                    try {
                        connection.run();
                    } finally {
                        forget(client);
                    }
                });
        connections.put(client, thread);
        thread.start();
    }

    private synchronized void forget(SocketChannel client) {
        connections.remove(client);
        inUse.remove(client);
    }

    /** Ends all connections; requests in progress are finished or dropped, never half done. */
    @Override
    public void close() throws IOException {
        Map<SocketChannel, Thread> open;
        synchronized (this) {
            closed = true;
            open = Map.copyOf(connections);
        }
        exports.settle();
        listener.close();
        for (SocketChannel client : open.keySet()) {
            client.close();
        }
        try {
            acceptor.join();
            for (Thread thread : open.values()) {
                thread.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
