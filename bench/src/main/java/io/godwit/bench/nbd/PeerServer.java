package io.godwit.bench.nbd;

import io.godwit.bench.Program;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

/** Somebody else's server over a raw file. */
record PeerServer(String name, Path image, Path socket, Program program) implements Contender {
    private static final int START_SECONDS = 10;
    private static final int POLL_MILLIS = 20;

    static PeerServer qemuNbd(Path directory, Path image) throws InterruptedException {
        Path socket = directory.resolve("nbd.sock");
        return start(
                "qemu-nbd",
                image,
                socket,
                List.of(
                        "qemu-nbd",
                        "-t",
                        "-k",
                        socket.toString(),
                        "-e",
                        "32",
                        "-f",
                        "raw",
                        "--cache=writeback",
                        image.toString()));
    }

    static PeerServer nbdkit(Path directory, Path image) throws InterruptedException {
        Path socket = directory.resolve("nbd.sock");
        return start(
                "nbdkit", image, socket, List.of("nbdkit", "-f", "-U", socket.toString(), "file", image.toString()));
    }

    private static PeerServer start(String name, Path image, Path socket, List<String> command)
            throws InterruptedException {
        Program program = Program.start(socket.resolveSibling(name + ".txt"), command);
        PeerServer server = new PeerServer(name, image, socket, program);
        try {
            server.awaitListening();
            return server;
        } catch (InterruptedException | GodwitException failed) {
            program.close();
            throw failed;
        }
    }

    private void awaitListening() throws InterruptedException {
        long deadline = System.nanoTime() + START_SECONDS * 1_000_000_000L;
        while (!listens()) {
            program.requireRunning();
            if (System.nanoTime() > deadline) {
                throw new GodwitException(
                        ErrorCode.FAILED, "%s doesn't listen after %d s".formatted(name, START_SECONDS));
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private boolean listens() {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return probe.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public String uri() {
        return "nbd+unix:///?socket=" + socket;
    }

    /** What it has to do later the kernel does for it. */
    @Override
    public void settle() {}

    @Override
    public void close() {
        program.close();
    }
}
