package io.godwit.hypervisor;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The unix socket over which QEMU hands out a device state, and the one over which it takes one. */
final class StateStream implements AutoCloseable {
    /** No device state is larger; RAM isn't part of it. */
    private static final int MAX_BYTES = 64 << 20;

    private final ServerSocketChannel server;
    private final FutureTask<byte[]> state;
    private final Path path;

    /** Listens on {@code path} for one connection and reads it to its end. */
    StateStream(Path path) throws IOException {
        this.path = path;
        Files.deleteIfExists(path);
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path), 1);
        Callable<byte[]> read = this::readAll;
        this.state = new FutureTask<>(read);
        Thread.ofVirtual().name("qemu-state").start(state);
    }

    private byte[] readAll() throws IOException {
        try (SocketChannel connection = server.accept();
                InputStream in = Channels.newInputStream(connection)) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 20);
            byte[] buffer = new byte[64 << 10];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (bytes.size() + read > MAX_BYTES) {
                    throw new GodwitException(
                            ErrorCode.FAILED, "QEMU's device state is larger than %d bytes".formatted(MAX_BYTES));
                }
                bytes.write(buffer, 0, read);
            }
            return bytes.toByteArray();
        }
    }

    /** The whole state, once QEMU has closed the connection, which it does when it is done or has given up. */
    byte[] await(Duration atMost) throws IOException, InterruptedException {
        return result(state, atMost);
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(path);
    }

    /** Hands a state to the QEMU that listens on {@code path}; returns when QEMU has closed the connection. */
    static void write(Path path, ByteBuffer state, Duration atMost) throws IOException, InterruptedException {
        try (SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            Callable<Void> handing = () -> {
                hand(connection, state.duplicate());
                return null;
            };
            FutureTask<Void> task = new FutureTask<>(handing);
            Thread.ofVirtual().name("qemu-state").start(task);
            result(task, atMost);
        }
    }

    private static void hand(SocketChannel connection, ByteBuffer state) throws IOException {
        while (state.hasRemaining()) {
            connection.write(state);
        }
        connection.shutdownOutput();
        ByteBuffer nothing = ByteBuffer.allocate(1);
        while (connection.read(nothing.clear()) >= 0) {
            // QEMU has nothing to say here; the end is what counts.
        }
    }

    private static <T> T result(FutureTask<T> task, Duration atMost) throws IOException, InterruptedException {
        try {
            return task.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failure) {
            throw new IOException("QEMU's device state could not be passed on", failure);
        } catch (TimeoutException late) {
            throw new GodwitException(
                    ErrorCode.FAILED,
                    "QEMU did not pass on its device state within %d s".formatted(atMost.toSeconds()),
                    late);
        }
    }
}
