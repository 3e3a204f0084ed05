package io.godwit.site.inside;

import io.godwit.core.VmName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The socket behind a machine's port, with a program that says what a test wants; it reads when the test reads. */
final class FakeMachine implements AutoCloseable {
    final VmName name;
    final Path port;
    private final ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    private SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    private BufferedReader lines = new BufferedReader(Reader.nullReader());

    FakeMachine(Path directory, String name) throws IOException {
        this.name = new VmName(name);
        this.port = directory.resolve(name);
        listener.bind(UnixDomainSocketAddress.of(port));
    }

    /** Waits until somebody connects (anew). */
    void accept() throws IOException {
        channel.close();
        channel = listener.accept();
        lines = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.US_ASCII));
    }

    void say(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** The next line that comes, or "(end)". */
    String hear() throws IOException {
        String line = lines.readLine();
        return line == null ? "(end)" : line;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        listener.close();
    }
}
