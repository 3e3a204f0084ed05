package io.godwit.volume.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Offers disks to NBD clients on a unix socket that only its owner may use. It listens from its construction on, until
 * it is closed; then all connections end and the socket's file is gone.
 */
public final class NbdServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(NbdServer.class.getName());
    /** So many clients may be connected at once; more are turned away. */
    public static final int MAX_CONNECTIONS = 64;
    /** The kernel's limit for a socket's path. */
    private static final int MAX_PATH_BYTES = 107;

    private final Path socket;
    private final Object socketKey;
    private final Map<String, NbdExport> exports = new LinkedHashMap<>();
    private final ServerSocketChannel listener;
    private final Thread acceptor;
    private final Map<SocketChannel, Thread> connections = new HashMap<>();
    private final Map<SocketChannel, NbdExport> inUse = new HashMap<>();
    private boolean closed;

    /** @throws GodwitException CONFLICT if another server listens there, BAD_INPUT if the path can't be a socket's */
    public NbdServer(Path socket, List<NbdExport> exports) throws IOException {
        this.socket = socket.toAbsolutePath();
        exports.forEach(this::add);
        this.listener = listen(this.socket);
        this.socketKey = key(this.socket);
        this.acceptor = Thread.ofPlatform().daemon().name("nbd-accept").start(this::acceptAll);
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

    /** The socket gets its tight mode in a directory of its own and is then moved to its place, in place of a dead one. */
    private static ServerSocketChannel listen(Path socket) throws IOException {
        refuseIfInUse(socket);
        Path parent = Objects.requireNonNull(socket.getParent(), "an absolute path has a parent");
        Path shelter = Files.createTempDirectory(parent, ".nbd");
        Path fresh = shelter.resolve("s");
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            checkLength(socket);
            checkLength(fresh);
            listener.bind(UnixDomainSocketAddress.of(fresh));
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
            Files.move(fresh, socket, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return listener;
        } catch (IOException | RuntimeException failed) {
            listener.close();
            Files.deleteIfExists(fresh);
            throw failed;
        } finally {
            Files.delete(shelter);
        }
    }

    private static void checkLength(Path socket) {
        if (socket.toString().getBytes(UTF_8).length > MAX_PATH_BYTES) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "%s is too long for a socket: the kernel takes %d bytes".formatted(socket, MAX_PATH_BYTES));
        }
    }

    private static void refuseIfInUse(Path socket) throws IOException {
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new GodwitException(ErrorCode.CONFLICT, socket + " is there already and is no socket");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException dead) {
            return;
        }
        throw new GodwitException(ErrorCode.CONFLICT, "another server listens on " + socket);
    }

    private static Object key(Path socket) throws IOException {
        return Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private void acceptAll() {
        try {
            while (true) {
                admit(listener.accept());
            }
        } catch (IOException ended) {
            LOG.log(System.Logger.Level.DEBUG, "no more clients on {0}: {1}", socket, ended.getMessage());
        }
    }

    private synchronized void admit(SocketChannel client) throws IOException {
        if (closed || connections.size() == MAX_CONNECTIONS) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "turned a client away from {0}: {1} are connected",
                    socket,
                    connections.size());
            client.close();
            return;
        }
        NbdConnection connection =
                new NbdConnection(client, List.copyOf(exports.values()), export -> beginUse(client, export));
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
        if (Files.exists(socket, LinkOption.NOFOLLOW_LINKS) && key(socket).equals(socketKey)) {
            Files.delete(socket);
        }
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
