package io.godwit.lab.keeper;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/** The keeper's control socket: lines of JSON, one answer for each request, in order. Only root can open it. */
final class ControlServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ControlServer.class.getName());
    private static final int MAX_CONNECTIONS = 32;

    private final ServerSocketChannel listener;
    private final Function<ControlRequest, ControlAnswer> answers;
    private final Semaphore connections = new Semaphore(MAX_CONNECTIONS);

    private ControlServer(ServerSocketChannel listener, Function<ControlRequest, ControlAnswer> answers) {
        this.listener = listener;
        this.answers = answers;
    }

    /** Listens at {@code socket}, which appears when connections are taken; {@code answers} is called by many threads at once. */
    static ControlServer open(Path socket, Function<ControlRequest, ControlAnswer> answers) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            Path unready = socket.resolveSibling(socket.getFileName() + ".new");
            Files.deleteIfExists(unready);
            listener.bind(UnixDomainSocketAddress.of(unready));
            Files.setPosixFilePermissions(unready, PosixFilePermissions.fromString("rw-------"));
            Files.move(unready, socket, StandardCopyOption.ATOMIC_MOVE);
            return new ControlServer(listener, answers);
        } catch (IOException refused) {
            listener.close();
            throw refused;
        }
    }

    /** Serves until closed. */
    void run() throws IOException, InterruptedException {
        while (listener.isOpen()) {
            connections.acquire();
            SocketChannel connection = listener.accept();
            Thread.ofVirtual().start(() -> {
                try (connection) {
                    serve(connection);
                } catch (IOException gone) {
                    LOG.log(Level.DEBUG, "a control connection broke", gone);
                } finally {
                    connections.release();
                }
            });
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void serve(SocketChannel connection) throws IOException {
        Lines lines = new Lines(connection);
        for (var line = lines.next(); line.isPresent(); line = lines.next()) {
            Lines.write(connection, Json.bytes(answer(line.get())));
        }
    }

    private ControlAnswer answer(byte[] line) {
        try {
            return answers.apply(Json.read(line, ControlRequest.class, "the request to the keeper"));
        } catch (GodwitException refused) {
            return ControlAnswer.refused(refused);
        } catch (RuntimeException unexpected) {
            LOG.log(Level.ERROR, "a request failed", unexpected);
            return ControlAnswer.refused(
                    new GodwitException(ErrorCode.FAILED, "the keeper failed: " + unexpected, unexpected));
        }
    }
}
