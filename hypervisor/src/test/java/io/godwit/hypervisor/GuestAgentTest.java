package io.godwit.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.VmName;
import io.godwit.core.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The conversation with a guest's agent, with one that says what the test wants. */
@Timeout(60)
class GuestAgentTest {
    @TempDir
    Path directory = Path.of("");

    private ServerSocketChannel listener;
    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    private volatile UnaryOperator<String> answers = command -> "{\"return\": {}}\n";
    private volatile byte[] noise = new byte[0];

    @BeforeEach
    void listen() throws IOException {
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket()));
        Thread.ofPlatform().daemon().start(this::serve);
    }

    @AfterEach
    void hangUp() throws IOException {
        listener.close();
    }

    private Path socket() {
        return directory.resolve("agent");
    }

    private GuestAgent agent() {
        return new GuestAgent(new VmName("db"), socket());
    }

    private void serve() {
        while (listener.isOpen()) {
            try (SocketChannel client = listener.accept()) {
                converse(client);
            } catch (IOException hungUp) {
                // The next one may come.
            }
        }
    }

    private void converse(SocketChannel client) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(Channels.newInputStream(client), StandardCharsets.ISO_8859_1));
        client.write(ByteBuffer.wrap(noise));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.contains("guest-sync-delimited")) {
                String number = line.replaceAll(".*\"id\":(\\d+).*", "$1");
                say(client, "\u00ff{\"return\": %s}\n".formatted(number));
            } else {
                asked.add(line);
                say(client, answers.apply(line));
            }
        }
    }

    private static void say(SocketChannel client, String text) throws IOException {
        client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void fileSystemsAreFrozenAndThawed() {
        answers = line -> line.contains("freeze-freeze")
                ? "{\"return\": 3}\n"
                : line.contains("status") ? "{\"return\": \"frozen\"}\n" : "{\"return\": 3}\n";
        assertThat(agent().freeze()).isEqualTo(3);
        assertThat(agent().frozen()).isTrue();
        agent().thaw();
        assertThat(asked).hasSize(3).last().asString().contains("guest-fsfreeze-thaw");
    }

    @Test
    void whatIsLeftOfAnEarlierConversationIsNotTakenForAnAnswer() {
        noise = "rn\": 99}\n{\"return\": 17}\n".getBytes(StandardCharsets.UTF_8);
        answers = line -> "{\"return\": 1}\n";
        assertThat(agent().freeze()).isEqualTo(1);
    }

    @Test
    void aRefusalIsToldInTheAgentsWords() {
        answers = line -> "{\"error\": {\"class\": \"GenericError\", \"desc\": \"fsfreeze is disabled\"}}\n";
        assertThatThrownBy(() -> agent().freeze())
                .hasMessageContaining("machine db")
                .hasMessageContaining("fsfreeze is disabled");
    }

    @Test
    void aProgramInTheGuestMustEndWellAndInTime() throws Exception {
        answers = line -> line.contains("guest-exec-status")
                ? "{\"return\": {\"exited\": true, \"exitcode\": 0}}\n"
                : "{\"return\": {\"pid\": 12}}\n";
        agent().run(List.of("/bin/sync", "-f"), Duration.ofSeconds(5));
        assertThat(asked.peek()).contains("\"path\":\"/bin/sync\"", "[\"-f\"]");
        answers = line -> line.contains("guest-exec-status")
                ? "{\"return\": {\"exited\": true, \"exitcode\": 4}}\n"
                : "{\"return\": {\"pid\": 12}}\n";
        assertThatThrownBy(() -> agent().run(List.of("/bin/false"), Duration.ofSeconds(5)))
                .hasMessageContaining("/bin/false ended with 4");
        answers = line -> line.contains("guest-exec-status")
                ? "{\"return\": {\"exited\": false}}\n"
                : "{\"return\": {\"pid\": 12}}\n";
        assertThatThrownBy(() -> agent().run(List.of("/bin/sleep", "99"), Duration.ofMillis(200)))
                .hasMessageContaining("did not end within");
        assertThat(asked.stream().toList().getLast()).contains("\"path\":\"/bin/sh\"", "kill -KILL", "\"sh\",\"12\"");
    }

    /** The shell's part, with processes of this host. */
    @Test
    void whatTakesTooLongIsEndedWithAllThatItHasStarted() throws Exception {
        Process hung = new ProcessBuilder("/bin/sh", "-c", "/bin/sh -c 'sleep 600; :'; :").start();
        while (hung.descendants().count() < 2) {
            Thread.sleep(10);
        }
        List<ProcessHandle> all =
                Stream.concat(Stream.of(hung.toHandle()), hung.descendants()).toList();
        answers = line -> {
            if (line.contains("kill -KILL")) {
                String[] command = Json.read(line, JsonNode.class, "a command")
                        .path("arguments")
                        .path("arg")
                        .valueStream()
                        .map(JsonNode::asString)
                        .toArray(String[]::new);
                run("/bin/sh", command);
            }
            return line.contains("guest-exec-status")
                    ? "{\"return\": {\"exited\": false}}\n"
                    : "{\"return\": {\"pid\": %d}}\n".formatted(hung.pid());
        };
        assertThatThrownBy(() -> agent().run(List.of("/bin/dump"), Duration.ofMillis(100)))
                .hasMessageContaining("/bin/dump did not end within");
        for (ProcessHandle each : all) {
            each.onExit().get(20, TimeUnit.SECONDS);
        }
    }

    private static void run(String program, String[] arguments) {
        try {
            new ProcessBuilder(Stream.concat(Stream.of(program), Stream.of(arguments))
                            .toList())
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void whatAProgramPrintsIsTakenAndWhatItReadsIsGiven() throws Exception {
        answers = line -> line.contains("guest-exec-status")
                ? "{\"return\": {\"exited\": true, \"exitcode\": 0, \"out-data\": \"b25lCg==\"}}\n"
                : "{\"return\": {\"pid\": 12}}\n";
        assertThat(agent().take(List.of("/bin/dump"), Duration.ofSeconds(5)))
                .isEqualTo(ByteBuffer.wrap("one\n".getBytes(StandardCharsets.UTF_8)));
        asked.clear();
        agent().give(
                        List.of("/bin/load"),
                        ByteBuffer.wrap("two".getBytes(StandardCharsets.UTF_8)),
                        Duration.ofSeconds(5));
        assertThat(asked.peek()).contains("\"input-data\":\"dHdv\"");
    }

    @Test
    void whatAProgramComplainsOfIsPartOfTheSentence() {
        answers = line -> line.contains("guest-exec-status")
                ? "{\"return\": {\"exited\": true, \"exitcode\": 1, \"err-data\": \"bm90aGluZyBoZXJlCm5vciB0aGVyZQ==\"}}\n"
                : "{\"return\": {\"pid\": 12}}\n";
        assertThatThrownBy(() -> agent().take(List.of("/bin/dump"), Duration.ofSeconds(5)))
                .hasMessageEndingWith("/bin/dump ended with 1: nothing here");
        answers = line -> line.contains("guest-exec-status")
                ? "{\"return\": {\"exited\": true, \"exitcode\": 0, \"out-data\": \"%%%\"}}\n"
                : "{\"return\": {\"pid\": 12}}\n";
        assertThatThrownBy(() -> agent().take(List.of("/bin/dump"), Duration.ofSeconds(5)))
                .hasMessageContaining("can't be read");
    }

    @Test
    void nonsenseFromTheGuestIsAFailureAndNothingElse() {
        Random random = new Random(11);
        for (int i = 0; i < 30; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            answers = line -> new String(bytes, StandardCharsets.ISO_8859_1).replace("\n", "") + "\n";
            agent().frozen();
        }
    }
}
