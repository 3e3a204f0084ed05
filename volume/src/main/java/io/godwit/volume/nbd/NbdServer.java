package io.godwit.volume.nbd;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Offers disks to NBD clients, on a unix socket that only its owner may use or on a TCP port with TLS. It listens from
 * its construction on, until it is closed; then all connections end and the socket's file is gone.
 */
public final class NbdServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(NbdServer.class.getName());
    /** So many clients may be connected at once; more are turned away. */
    public static final int MAX_CONNECTIONS = 64;
    /** After a failure that is not the end of listening (too many open files, say) it is tried again. */
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(200);

    private final Map<String, NbdExport> exports = new LinkedHashMap<>();
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
        this(exports, () -> UnixListener.on(socket.toAbsolutePath()));
    }

    private NbdServer(List<NbdExport> exports, Opening opening) throws IOException {
        exports.forEach(this::add);
        this.listener = opening.open();
        this.acceptor = Thread.ofPlatform().daemon().name("nbd-accept").start(this::acceptAll);
    }

    /**
     * One that listens on a TCP port, to clients that protect their connection.
     *
     * @throws GodwitException CONFLICT if it can't listen there
     */
    public static NbdServer overTls(InetSocketAddress address, NbdTls tls, List<NbdExport> exports) throws IOException {
        return new NbdServer(exports, () -> TcpListener.on(address, tls));
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
    public synchronized void add(NbdExport export) {
        if (exports.putIfAbsent(export.name(), export) != null) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "two exports have the name " + export.name());
        }
    }

    /** Ends an export and the connections of its clients; nobody reads or writes its device any more when this returns. */
    public void remove(String name) throws IOException, InterruptedException {
        Map<SocketChannel, Thread> ended = new HashMap<>();
        synchronized (this) {
            NbdExport removed = exports.remove(name);
            connections.forEach((client, thread) -> {
                if (removed != null && removed.equals(inUse.get(client))) {
                    ended.put(client, thread);
                }
            });
        }
        for (SocketChannel client : ended.keySet()) {
            client.close();
        }
        for (Thread thread : ended.values()) {
            thread.join();
        }
    }

    private synchronized boolean beginUse(SocketChannel client, NbdExport export) {
        if (!export.equals(exports.get(export.name()))) {
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
        if (closed || connections.size() == MAX_CONNECTIONS) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "turned a client away from {0}: {1} are connected",
                    listener,
                    connections.size());
            client.close();
            return;
        }
        NbdConnection connection = new NbdConnection(
                client, listener.tls(), List.copyOf(exports.values()), export -> beginUse(client, export));
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
