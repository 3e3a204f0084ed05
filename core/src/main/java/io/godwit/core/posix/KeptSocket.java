package io.godwit.core.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A listening unix socket, mode 0600, that outlives those who serve it: each gets it as its standard input
 * ({@code StandardInput=socket} of systemd.exec(5)). While none of them runs, the kernel keeps clients waiting.
 */
public final class KeptSocket implements AutoCloseable {
    private static final int MAX_PATH_BYTES = 107;
    private static final int BACKLOG = 128;
    private static final int STANDARD_INPUT = 0;

    /** This process has one standard input. */
    private static final Object STANDARD_INPUT_LOCK = new Object();

    private final Path path;
    private final int descriptor;

    private KeptSocket(Path path, int descriptor) {
        this.path = path;
        this.descriptor = descriptor;
    }

    /** Listens at a path where no file is, or a socket to which nobody listens any more. */
    public static KeptSocket at(Path path) throws IOException {
        Files.deleteIfExists(path);
        int descriptor = (int) NativeCall.make("socket", path, state ->
                (int) Libc.SOCKET.invokeExact(state, Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0));
        KeptSocket socket = new KeptSocket(path, descriptor);
        try {
            socket.bind();
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            socket.call("listen", state -> (int) Libc.LISTEN.invokeExact(state, descriptor, BACKLOG));
            return socket;
        } catch (IOException | RuntimeException failed) {
            Libc.close(descriptor);
            throw failed;
        }
    }

    private void bind() throws IOException {
        byte[] text = path.toString().getBytes(StandardCharsets.UTF_8);
        if (text.length > MAX_PATH_BYTES) {
            throw new IOException(
                    "%s is too long for a socket: the kernel takes %d bytes".formatted(path, MAX_PATH_BYTES));
        }
        try (Arena arena = Arena.ofConfined()) {
            // struct sockaddr_un, unix(7): the family, then the path with a zero at its end.
            MemorySegment address = arena.allocate(JAVA_SHORT.byteSize() + text.length + 1, JAVA_SHORT.byteAlignment());
            address.set(JAVA_SHORT, 0, (short) Libc.AF_UNIX);
            MemorySegment.copy(text, 0, address, JAVA_BYTE, JAVA_SHORT.byteSize(), text.length);
            call("bind", state -> (int) Libc.BIND.invokeExact(state, descriptor, address, (int) address.byteSize()));
        }
    }

    private long call(String what, NativeCall call) throws IOException {
        return NativeCall.make(what, path, call);
    }

    /** Starts a process with this socket as its standard input. */
    public Process start(ProcessBuilder builder) throws IOException {
        synchronized (STANDARD_INPUT_LOCK) {
            int usual = (int) call("dup", state -> (int) Libc.DUP.invokeExact(state, STANDARD_INPUT));
            try {
                call("dup2", state -> (int) Libc.DUP2.invokeExact(state, descriptor, STANDARD_INPUT));
                return builder.redirectInput(ProcessBuilder.Redirect.INHERIT).start();
            } finally {
                call("dup2", state -> (int) Libc.DUP2.invokeExact(state, usual, STANDARD_INPUT));
                Libc.close(usual);
            }
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }

    /** Stops listening, unless a process that has the socket goes on; the path is free again. */
    @Override
    public void close() throws IOException {
        Libc.close(descriptor);
        Files.deleteIfExists(path);
    }
}
