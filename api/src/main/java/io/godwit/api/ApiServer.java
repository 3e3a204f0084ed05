package io.godwit.api;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Listens on the site's private unix socket (mode 0600) and answers one request a connection. */
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ApiServer.class.getName());
    private static final int MAX_CONVERSATIONS = 64;

    /** Carries out a request and hands each reply to {@code out}; what it throws is told as a refusal. */
    public interface Desk {
        void answer(ApiRequest request, Replies out) throws IOException, InterruptedException;
    }

    /** Takes replies for whoever asked; fails with an {@link IOException} once they have hung up. */
    public interface Replies {
        void send(ApiReply reply) throws IOException;
    }

    private final ServerSocketChannel server;
    private final Path socket;
    private final Desk desk;
    private final Semaphore room = new Semaphore(MAX_CONVERSATIONS);

    public ApiServer(Path socket, Desk desk) throws IOException {
        this.socket = socket;
        this.desk = desk;
        Files.deleteIfExists(socket);
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        Thread.ofPlatform().name("api").start(this::accept);
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                room.acquire();
                SocketChannel client = server.accept();
                Thread.ofVirtual().name("api-conversation").start(() -> converse(client));
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException failed) {
                room.release();
                LOG.log(Level.WARNING, "a connection to the API failed", failed);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void converse(SocketChannel client) {
        try (client) {
            JsonLines lines = JsonLines.over(client);
            Optional<String> line = lines.read();
            if (line.isPresent()) {
                answer(line.get(), reply -> send(lines, reply));
            }
        } catch (IOException gone) {
            LOG.log(Level.DEBUG, "a conversation ended early", gone);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            room.release();
        }
    }

    /** Nobody waits for the answer any more. */
    private static final class HungUp extends IOException {
        private static final long serialVersionUID = 1;

        HungUp(IOException cause) {
            super(cause);
        }
    }

    private static void send(JsonLines lines, ApiReply reply) throws HungUp {
        try {
            lines.write(Json.line(reply));
        } catch (IOException gone) {
            throw new HungUp(gone);
        }
    }

    private void answer(String line, Replies out) throws IOException, InterruptedException {
        try {
            desk.answer(Json.read(line, ApiRequest.class, "the request"), out);
        } catch (GodwitException refused) {
            out.send(new ApiReply.Refusal(refused.code(), refused.sentence()));
        } catch (HungUp gone) {
            throw gone;
        } catch (IOException failed) {
            LOG.log(Level.WARNING, "an API request failed", failed);
            out.send(new ApiReply.Refusal(ErrorCode.FAILED, String.valueOf(failed.getMessage())));
        } catch (RuntimeException unexpected) {
            LOG.log(Level.ERROR, "an API request failed", unexpected);
            out.send(new ApiReply.Refusal(ErrorCode.FAILED, "internal error: " + unexpected));
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(socket);
    }
}
