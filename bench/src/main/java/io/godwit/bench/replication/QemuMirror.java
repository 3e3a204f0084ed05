package io.godwit.bench.replication;

import io.godwit.bench.Program;
import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.posix.PosixFile;
import io.godwit.core.posix.PosixFile.Access;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** QEMU's {@code blockdev-mirror} to an NBD server behind the link; it has no order of writes and keeps none. */
final class QemuMirror implements ReplicatedDisk {
    static final String NAME = "blockdev-mirror";
    private static final Duration START = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Path socket;
    private final Link link;
    private final Program target;
    private final Program daemon;
    private final Qmp qmp;

    private QemuMirror(Path socket, Link link, Program target, Program daemon, Qmp qmp) {
        this.socket = socket;
        this.link = link;
        this.target = target;
        this.daemon = daemon;
        this.qmp = qmp;
    }

    /**
     * @param directory an empty one
     * @param copyMode {@code background}, or {@code write-blocking}: a write returns when the copy has it too
     */
    static QemuMirror start(Path directory, ByteCount size, LinkShape shape, String copyMode)
            throws IOException, InterruptedException {
        Files.createDirectories(directory);
        int port = freePort();
        Program target = Program.start(directory.resolve("target.txt"), target(port, image(directory, "copy", size)));
        try {
            awaitListening(target, port);
            Link link = Link.to(port, shape);
            Path monitor = directory.resolve("qmp.sock");
            Path socket = directory.resolve("nbd.sock");
            Path image = image(directory, "source", size);
            Program daemon =
                    Program.start(directory.resolve("daemon.txt"), daemon(image, link.port(), monitor, socket));
            QemuMirror mirror = new QemuMirror(socket, link, target, daemon, monitor(daemon, monitor));
            mirror.begin(copyMode);
            return mirror;
        } catch (IOException | InterruptedException | RuntimeException failed) {
            target.close();
            throw failed;
        }
    }

    private static Path image(Path directory, String name, ByteCount size) throws IOException {
        Path image = directory.resolve(name + ".raw");
        try (PosixFile file = PosixFile.open(image, Access.CREATE)) {
            file.truncate(size.bytes());
        }
        return image;
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static List<String> target(int port, Path image) {
        String host = InetAddress.getLoopbackAddress().getHostAddress();
        return List.of(
                "qemu-nbd", "-t", "-b", host, "-p", "" + port, "-e", "4", "-f", "raw", "--cache=writeback", "" + image);
    }

    private static List<String> daemon(Path image, int port, Path monitor, Path socket) {
        String host = InetAddress.getLoopbackAddress().getHostAddress();
        return List.of(
                "qemu-storage-daemon",
                "--blockdev",
                "driver=file,filename=%s,node-name=file".formatted(image),
                "--blockdev",
                "driver=raw,file=file,node-name=source",
                "--blockdev",
                "driver=nbd,node-name=copy,server.type=inet,server.host=%s,server.port=%d".formatted(host, port),
                "--chardev",
                "socket,path=%s,server=on,wait=off,id=qmp".formatted(monitor),
                "--monitor",
                "chardev=qmp",
                "--nbd-server",
                "addr.type=unix,addr.path=" + socket,
                "--export",
                "type=nbd,id=export,node-name=source,name=,writable=on");
    }

    private static void awaitListening(Program program, int port) throws InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (probe.isConnected()) {
                    return;
                }
            } catch (IOException notYet) {
                requireTime(program, deadline);
            }
        }
    }

    private static Qmp monitor(Program program, Path socket) throws InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                return Qmp.connect(socket);
            } catch (IOException notYet) {
                requireTime(program, deadline);
            }
        }
    }

    private static void requireTime(Program program, long deadline) throws InterruptedException {
        program.requireRunning();
        if (System.nanoTime() > deadline) {
            throw new GodwitException(ErrorCode.FAILED, "QEMU doesn't listen after %d s".formatted(START.toSeconds()));
        }
        Thread.sleep(POLL);
    }

    private void begin(String copyMode) throws IOException, InterruptedException {
        qmp.call(
                "blockdev-mirror",
                Map.of(
                        "job-id",
                        "mirror",
                        "device",
                        "source",
                        "target",
                        "copy",
                        "sync",
                        "full",
                        "copy-mode",
                        copyMode));
        settle();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String uri() {
        return "nbd+unix:///?socket=" + socket;
    }

    @Override
    public long carried() {
        return link.carried();
    }

    /** Waits until the job has nothing to copy any more. */
    @Override
    public void settle() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!copied()) {
            requireTime(daemon, deadline);
        }
    }

    private boolean copied() throws IOException {
        JsonNode job = qmp.call("query-block-jobs", Map.of()).path(0);
        return job.path("ready").asBoolean()
                && job.path("offset").asLong() == job.path("len").asLong();
    }

    @Override
    public void close() throws IOException {
        qmp.close();
        daemon.close();
        link.close();
        target.close();
    }
}
