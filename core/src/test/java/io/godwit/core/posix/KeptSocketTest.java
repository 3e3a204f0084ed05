package io.godwit.core.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class KeptSocketTest {
    @TempDir
    Path directory = Path.of("");

    private Path path() {
        return directory.resolve("s");
    }

    /** Greets one client on the listening socket that is its standard input, and ends. */
    static final class Greeter {
        public static void main(String[] args) throws IOException {
            if (System.inheritedChannel() instanceof ServerSocketChannel listener) {
                try (SocketChannel client = listener.accept()) {
                    client.write(ByteBuffer.wrap(args[0].getBytes(java.nio.charset.StandardCharsets.UTF_8)));
                }
            }
        }
    }

    private static Process greeter(KeptSocket socket, String greeting) throws IOException {
        return socket.start(new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Greeter.class.getName(),
                greeting));
    }

    private SocketChannel client() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path()));
    }

    private static String heard(SocketChannel client) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(16);
        int read = client.read(bytes);
        while (read >= 0) {
            read = client.read(bytes);
        }
        return new String(bytes.array(), 0, bytes.position(), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    void aClientThatComesWhileNobodyServesIsServedByTheNext() throws Exception {
        try (KeptSocket socket = KeptSocket.at(path())) {
            try (SocketChannel first = client()) {
                assertThat(greeter(socket, "one").waitFor()).isZero();
                assertThat(heard(first)).isEqualTo("one");
            }
            try (SocketChannel second = client()) {
                assertThat(greeter(socket, "two").waitFor()).isZero();
                assertThat(heard(second)).isEqualTo("two");
            }
        }
    }

    @Test
    void itIsItsOwnersAloneAndGoneWhenClosed() throws Exception {
        KeptSocket socket = KeptSocket.at(path());
        assertThat(Files.getPosixFilePermissions(path())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        socket.close();
        assertThat(path()).doesNotExist();
    }

    @Test
    void itTakesThePlaceOfADeadOne() throws Exception {
        ServerSocketChannel dead = ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX);
        dead.bind(UnixDomainSocketAddress.of(path())).close();
        try (KeptSocket _ = KeptSocket.at(path());
                SocketChannel client = client()) {
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void aPathThatIsTooLongIsRefused() {
        assertThatThrownBy(() -> KeptSocket.at(directory.resolve("x".repeat(120))))
                .hasMessageContaining("too long for a socket");
    }
}
