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
import java.util.Objects;
import java.util.Optional;

/** A unix socket of mode 0600, for clients of the same user on this host. It is gone when it has been closed, if it was made here. */
final class UnixListener implements NbdListener {
    /** The kernel's limit for a socket's path. */
    private static final int MAX_PATH_BYTES = 107;

    private final Path socket;
    /** Which file it was, if it is to be removed. */
    private final Optional<Object> made;

    private final ServerSocketChannel listener;

    private UnixListener(Path socket, ServerSocketChannel listener, Optional<Object> made) {
        this.socket = socket;
        this.listener = listener;
        this.made = made;
    }

    /** @throws GodwitException CONFLICT if another server listens there, BAD_INPUT if the path can't be a socket's */
    static UnixListener on(Path socket) throws IOException {
        ServerSocketChannel listener = listen(socket);
        return new UnixListener(socket, listener, Optional.of(key(socket)));
    }

    /**
     * The listening socket that this process was given as its standard input, if it was given one. Whoever gave it has it
     * too, so that clients who come while no such process runs are kept waiting by the kernel instead of being turned away.
     * Otherwise one that is made here.
     *
     * @throws GodwitException as {@link #on} does; BAD_INPUT if the given one is bound to another path
     */
    static UnixListener keptOpen(Path socket) throws IOException {
        if (!(System.inheritedChannel() instanceof ServerSocketChannel given)) {
            return on(socket);
        }
        if (!UnixDomainSocketAddress.of(socket).equals(given.getLocalAddress())) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "the socket in standard input is %s, but it has to be %s"
                            .formatted(given.getLocalAddress(), socket));
        }
        return new UnixListener(socket, given, Optional.empty());
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

    @Override
    public SocketChannel accept() throws IOException {
        return listener.accept();
    }

    @Override
    public Optional<NbdTls> tls() {
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        if (made.isPresent()
                && Files.exists(socket, LinkOption.NOFOLLOW_LINKS)
                && key(socket).equals(made.get())) {
            Files.delete(socket);
        }
    }

    @Override
    public String toString() {
        return socket.toString();
    }
}
