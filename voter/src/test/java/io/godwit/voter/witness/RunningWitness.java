package io.godwit.voter.witness;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.ApiClient;
import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.SiteStatus;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A witness as its user has it: a configuration that `witness init` wrote, and a process. */
final class RunningWitness implements AutoCloseable {
    private static final long COMMAND_SECONDS = 120;

    private final Path home;
    private final Path config;
    private final String name;
    private final int port;
    private Optional<Process> daemon = Optional.empty();

    RunningWitness(Path home, String name, String voters) throws IOException, InterruptedException {
        this.home = home;
        this.name = name;
        this.config = home.resolve(name + ".json");
        this.port = freePort();
        Ran ran = run(
                "",
                "init",
                "--name",
                name,
                "--listen",
                address(),
                "--voters",
                voters,
                "--state-dir",
                home.resolve(name).toString(),
                "--run-dir",
                home.resolve(name + "-run").toString());
        assertThat(ran.exitCode()).as(ran.output()).isZero();
    }

    record Ran(int exitCode, String output) {}

    String name() {
        return name;
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    Path home() {
        return home;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                WitnessMain.class.getName(),
                "witness");
    }

    private List<String> words(String... words) {
        List<String> command = new ArrayList<>(java());
        command.addAll(List.of(words));
        command.addAll(List.of("--config", config.toString()));
        return command;
    }

    /** Runs a command about this witness to its end. */
    Ran run(String input, String... words) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(words(words)).redirectErrorStream(true).start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), output);
    }

    void start() throws IOException {
        startWith(List.of());
    }

    /** @param shell begins the command line of its daemon, which may be limited so */
    void startWith(List<String> shell) throws IOException {
        List<String> command = new ArrayList<>(shell);
        command.addAll(words("run"));
        daemon = Optional.of(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolve(name + ".log").toFile()))
                .start());
    }

    /** Pairs this witness with another one, as the user of both would. */
    void join(RunningWitness other) throws IOException, InterruptedException {
        Ran opened = other.run("", "open");
        String token = opened.output()
                .lines()
                .filter(line -> line.startsWith("gwt1."))
                .findFirst()
                .orElseThrow(() -> new AssertionError(opened.output()));
        Ran joined = run(token + "\n", "join", other.address());
        assertThat(joined.output()).contains("paired with " + other.name());
        assertThat(joined.exitCode()).isZero();
    }

    /** What it says of the voters; empty while it doesn't answer. */
    Optional<SiteStatus.Voting> voting() {
        try {
            ApiClient client = new ApiClient(home.resolve(name + "-run").resolve("api.sock"));
            return client.ask(new ApiRequest.Status(Optional.empty())) instanceof ApiReply.Status(SiteStatus status)
                    ? status.voting()
                    : Optional.empty();
        } catch (GodwitException absent) {
            return Optional.empty();
        }
    }

    String log() throws IOException {
        return Files.readString(home.resolve(name + ".log"));
    }

    /** Ends its process without a word, as the loss of its host does. */
    void kill() {
        daemon.ifPresent(process -> process.destroyForcibly().onExit().join());
        daemon = Optional.empty();
    }

    @Override
    public void close() {
        kill();
    }
}
