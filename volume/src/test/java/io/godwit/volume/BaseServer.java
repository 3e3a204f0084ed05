package io.godwit.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Somebody else's NBD server on a unix socket, with what is to be a disk's base image. */
final class BaseServer implements AutoCloseable {
    private final Process process;
    private final Path socket;

    private BaseServer(Path socket, List<String> command) throws Exception {
        this.socket = socket;
        Files.deleteIfExists(socket);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        awaitTrue(this::listens);
    }

    /** The socket's file is there a moment before anybody listens on it. */
    private boolean listens() {
        try (SocketChannel caller = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return caller.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    static BaseServer nbdkit(Path socket, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("nbdkit", "-f", "-U", socket.toString()));
        command.addAll(List.of(words));
        return new BaseServer(socket, command);
    }

    static BaseServer qemu(Path socket, String format, Path image) throws Exception {
        return new BaseServer(
                socket, List.of("qemu-nbd", "-t", "-e", "8", "-k", socket.toString(), "-f", format, image.toString()));
    }

    /** Runs a program that must succeed. */
    static void run(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    static void awaitTrue(Callable<Boolean> condition) throws Exception {
        for (int attempt = 0; attempt < 2400 && !condition.call(); attempt++) {
            Thread.sleep(25);
        }
        assertThat(condition.call()).isTrue();
    }

    /** As by kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Lets it do nothing from now on, as if its own storage had stalled. */
    void freeze() throws IOException, InterruptedException {
        run("kill", "-STOP", String.valueOf(process.pid()));
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(socket);
    }
}
