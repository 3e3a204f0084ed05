package io.godwit.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.json.Json;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One run of {@code ./godwit demo} as a user would run it, in a lab of its own, and what it reported. */
record Demonstration(int exitCode, Map<?, ?> report, String screen) {
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    private static final AtomicInteger LABS = new AtomicInteger();

    /** A name for a lab that no other test has. */
    static String newLab() {
        return "t%s-%d".formatted(Long.toString(ProcessHandle.current().pid() % 100_000, 36), LABS.incrementAndGet());
    }

    /** One run of the launcher, and what it printed. */
    record Ran(int exitCode, String screen) {}

    /** Runs {@code ./godwit} with these words as a user would. */
    static Ran godwit(String... words) throws IOException, InterruptedException {
        List<String> argv = new ArrayList<>(List.of(root().resolve("godwit").toString()));
        argv.addAll(List.of(words));
        Process ran = new ProcessBuilder(argv)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .start();
        String screen = new String(ran.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(ran.waitFor(), screen);
    }

    static Demonstration run(Path directory, String lab, String... words) throws IOException, InterruptedException {
        Path report = directory.resolve(lab + ".json");
        Path screen = directory.resolve(lab + ".txt");
        List<String> argv = new ArrayList<>(List.of(root().resolve("godwit").toString(), "demo"));
        argv.addAll(List.of(words));
        argv.addAll(List.of("--yes", "--name", lab, "--report", report.toString()));
        Process demo = new ProcessBuilder(argv)
                .redirectErrorStream(true)
                .redirectOutput(screen.toFile())
                .redirectInput(new File("/dev/null"))
                .start();
        try {
            assertThat(demo.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                    .as("the demonstration ends")
                    .isTrue();
        } finally {
            demo.destroy();
            demo.waitFor();
        }
        String said = Files.readString(screen);
        assertThat(report).as("a report; the screen said:%n%s", said).exists();
        return new Demonstration(demo.exitValue(), Json.read(Files.readString(report), Map.class, "the report"), said);
    }

    static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("godwit"))) {
            Path parent = here.getParent();
            if (parent == null) {
                throw new IllegalStateException("the launcher is in none of the folders above");
            }
            here = parent;
        }
        return here;
    }

    Object at(String... keys) {
        Object value = report;
        for (String key : keys) {
            value = Optional.ofNullable(((Map<?, ?>) value).get(key))
                    .orElseThrow(() -> new AssertionError(
                            "no %s in the report; the screen said:%n%s".formatted(List.of(keys), screen)));
        }
        return value;
    }

    /** Nothing that was acknowledged is lost, whatever happened. */
    Demonstration keptEveryWrite() {
        assertThat((int) at("client", "tcp", "acknowledgedWrites")).as(screen).isPositive();
        assertThat(at("client", "tcp", "lostWrites")).as(screen).isEqualTo(0);
        assertThat(at("client", "tcp", "wrongReads")).as(screen).isEqualTo(0);
        assertThat(at("unverifiedWrites")).as(screen).isEqualTo(0);
        return this;
    }

    Demonstration keptTheConnection() {
        assertThat(at("client", "tcp", "resets")).as(screen).isEqualTo(0);
        assertThat(at("client", "udp", "duplicated")).as(screen).isEqualTo(0);
        return this;
    }

    static void leavesNothing(String lab) throws IOException {
        assertThat(Path.of("/run/netns").toFile().list((directory, name) -> name.startsWith("gw-" + lab + "-")))
                .satisfiesAnyOf(
                        names -> assertThat(names).isNull(),
                        names -> assertThat(names).isEmpty());
        assertThat(Path.of("/run/godwit", lab)).doesNotExist();
        assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain("/" + lab + "/");
        assertThat(Path.of("/dev/shm").toFile().list((directory, name) -> name.startsWith("godwit-" + lab + "-")))
                .isEmpty();
    }
}
