package io.godwit.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client against a QEMU that says what a test wants. */
@Timeout(60)
class QmpClientTest {
    private static final String GREETING = "{\"QMP\": {\"version\": {}, \"capabilities\": []}}";

    @TempDir
    Path directory = Path.of("");

    @Test
    void answersBelongToTheirCommandsWhateverComesBetween() throws IOException {
        serve(line -> "{\"event\": \"STOP\", \"timestamp\": {}}\r\n{\"return\": {\"n\": 7}, \"id\": 999}\n"
                + "{\"return\": {\"status\": \"running\"}, \"id\": " + id(line) + "}");
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        try (QmpClient client = QmpClient.connect(socket(), event -> events.add(event.name()))) {
            for (int i = 0; i < 100; i++) {
                assertThat(client.execute("query-status", Map.of())
                                .path("status")
                                .asString(""))
                        .isEqualTo("running");
            }
            assertThat(events).isNotEmpty().containsOnly("STOP");
        }
    }

    @Test
    void aRefusalCarriesQemusSentence() throws IOException {
        serve(line -> line.contains("stop")
                ? "{\"id\": " + id(line) + ", \"error\": {\"class\": \"GenericError\", \"desc\": \"not today\"}}"
                : "{\"return\": {}, \"id\": " + id(line) + "}");
        try (QmpClient client = QmpClient.connect(socket(), event -> {})) {
            assertThatThrownBy(() -> client.execute("stop", Map.of())).hasMessage("QEMU refused stop: not today");
            assertThat(client.execute("cont", Map.of()).isEmpty()).isTrue();
        }
    }

    @Test
    void aCommandHasATimeLimitAndItsLateAnswerIsNotTakenForAnother() throws Exception {
        List<String> held = new ArrayList<>();
        serve(line -> {
            if (line.contains("slow")) {
                held.add("{\"return\": {\"late\": true}, \"id\": " + id(line) + "}\n");
                return "";
            }
            return String.join("", held) + "{\"return\": {\"late\": false}, \"id\": " + id(line) + "}";
        });
        try (QmpClient client = QmpClient.connect(socket(), event -> {})) {
            assertThatThrownBy(() -> client.execute("slow", Map.of(), Duration.ofMillis(50)))
                    .isInstanceOfSatisfying(
                            GodwitException.class, it -> assertThat(it.code()).isEqualTo(ErrorCode.UNREACHABLE));
            assertThat(client.execute("fast", Map.of()).path("late").asBoolean(true))
                    .isFalse();
        }
    }

    @Test
    void anEventListenerMayGiveCommands() throws Exception {
        serve(line -> line.contains("poke")
                ? "{\"event\": \"RESET\"}\n{\"return\": {}, \"id\": " + id(line) + "}"
                : "{\"return\": {}, \"id\": " + id(line) + "}");
        BlockingQueue<QmpClient> clients = new LinkedBlockingQueue<>();
        BlockingQueue<String> done = new LinkedBlockingQueue<>();
        try (QmpClient client = QmpClient.connect(socket(), event -> {
            clients.remove().execute("cont", Map.of());
            done.add(event.name());
        })) {
            clients.add(client);
            client.execute("poke", Map.of());
            assertThat(done.poll(20, TimeUnit.SECONDS)).isEqualTo("RESET");
        }
    }

    @Test
    void theEndOfQemuEndsEveryCommand() throws IOException {
        serve(line -> line.contains("quit") ? "bye" : "{\"return\": {}, \"id\": " + id(line) + "}");
        try (QmpClient client = QmpClient.connect(socket(), event -> {})) {
            assertThatThrownBy(() -> client.execute("quit", Map.of())).hasMessageContaining("ended the conversation");
            assertThatThrownBy(() -> client.execute("stop", Map.of())).hasMessageContaining("ended the conversation");
        }
    }

    @Test
    void whatIsNotQemuIsNotTakenForIt() throws IOException {
        serve("{\"return\": {}}", line -> "");
        assertThatThrownBy(() -> QmpClient.connect(socket(), event -> {})).hasMessageContaining("is not QEMU");
    }

    @Test
    void anyLineIsAMessageOrRefusedAndLinesAreBounded() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[] base = "{\"id\":1,\"error\":{\"desc\":\"x\"},\"event\":\"STOP\",\"return\":[{\"a\":null}]}"
                .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] line = base.clone();
            for (int change = random.nextInt(6); change >= 0; change--) {
                line[random.nextInt(line.length)] = (byte) random.nextInt(128);
            }
            try {
                assertThat(QmpMessage.parse(new String(line, StandardCharsets.UTF_8)))
                        .isNotNull();
            } catch (GodwitException refused) {
                assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT);
            }
        }
        LineReader endless = new LineReader(new ByteArrayInputStream(new byte[LineReader.MAX_LINE_BYTES + 1]));
        assertThatThrownBy(endless::next).isInstanceOf(GodwitException.class);
    }

    private Path socket() {
        return directory.resolve("qmp");
    }

    private static String id(String line) {
        return line.replaceAll(".*\"id\":(\\d+).*", "$1");
    }

    private void serve(UnaryOperator<String> answer) throws IOException {
        serve(GREETING, answer);
    }

    /** Serves one client: a greeting, then for each line what {@code answer} says. */
    private void serve(String greeting, UnaryOperator<String> answer) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket()));
        Thread.ofVirtual().start(() -> {
            try (server;
                    SocketChannel client = server.accept();
                    BufferedReader lines = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8))) {
                say(client, greeting);
                for (Optional<String> line = Optional.ofNullable(lines.readLine());
                        line.isPresent();
                        line = Optional.ofNullable(lines.readLine())) {
                    say(client, answer.apply(line.get()));
                }
            } catch (IOException end) {
                System.getLogger("test").log(System.Logger.Level.TRACE, "the client left", end);
            }
        });
    }

    private static void say(SocketChannel client, String line) throws IOException {
        client.write(ByteBuffer.wrap((line + "\r\n").getBytes(StandardCharsets.UTF_8)));
    }
}
