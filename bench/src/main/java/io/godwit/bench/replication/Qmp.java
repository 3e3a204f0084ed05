package io.godwit.bench.replication;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The few commands that this benchmark gives to qemu-storage-daemon, one after the other. */
final class Qmp implements AutoCloseable {
    private final SocketChannel channel;
    private final BufferedReader said;

    private Qmp(SocketChannel channel) {
        this.channel = channel;
        this.said = new BufferedReader(Channels.newReader(channel, UTF_8));
    }

    static Qmp connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        Qmp qmp = new Qmp(channel);
        qmp.next();
        qmp.call("qmp_capabilities", Map.of());
        return qmp;
    }

    /** Gives a command and returns what came back. */
    JsonNode call(String command, Map<String, String> arguments) throws IOException {
        String line = Json.line(Map.of("execute", command, "arguments", arguments));
        ByteBuffer bytes = UTF_8.encode(line + "\n");
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        while (true) {
            JsonNode answer = next();
            if (answer.has("error")) {
                throw new GodwitException(
                        ErrorCode.FAILED, "%s was refused: %s".formatted(command, answer.path("error")));
            }
            if (answer.has("return")) {
                return answer.path("return");
            }
        }
    }

    private JsonNode next() throws IOException {
        String line = said.readLine();
        if (line == null) {
            throw new IOException("qemu-storage-daemon has hung up");
        }
        return Json.read(line, JsonNode.class, "what qemu-storage-daemon said");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
