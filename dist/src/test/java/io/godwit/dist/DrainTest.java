package io.godwit.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.DrainReport;
import io.godwit.core.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A site with two machines has a warning that is too short for one of them: for real, in a lab. Needs root. */
@Isolated("what a drain has the time for follows from how fast things go")
@EnabledIfSystemProperty(named = "user.name", matches = "root", disabledReason = "namespaces need root")
class DrainTest {
    private static final int LOOKS = 120;
    private static final int SLACK_SECONDS = 6;

    @TempDir
    Path directory = Path.of("");

    private final String lab = Demonstration.newLab();

    @Test
    void whoHasTheHigherPriorityLeavesAndTheOtherIsSafeAndLeavesLater() throws Exception {
        try {
            done(Demonstration.godwit("lab", "up", "--name", lab, "--yes", "--rtt", "20ms", "--rate", "300mbit"));
            found("web", 2, "2GiB", 11);
            found("bank", 9, "128MiB", 10);
            awaitCopies();
            theFirstLeavesInTimeAndTheOtherIsSafe(planned());
            withAllTheTimeThereIsTheOtherLeavesToo();
        } finally {
            Demonstration.godwit("lab", "down", "--name", lab);
        }
        Demonstration.leavesNothing(lab);
    }

    private void found(String name, int priority, String memory, int number) throws Exception {
        Path image = image(name, number);
        String definition = """
                {"name": "%1$s", "peer": "west", "priority": %2$d, "vms": [
                  {"name": "%1$s", "memory": "%3$s", "vcpus": 1, "address": "10.90.0.%4$d", "mac": "52:54:00:67:78:%4$d",
                   "disks": [{"name": "%1$s", "image": "%5$s"}]}]}
                """.formatted(name, priority, memory, number, image);
        Path file = Files.writeString(directory.resolve(name + ".json"), definition);
        done(at("east", "group", "create", file.toString()));
    }

    private Path image(String name, int number) throws Exception {
        Process build = new ProcessBuilder(
                        Demonstration.root().resolve("lab/guest/build").toString(),
                        "--address",
                        "10.90.0.%d/24".formatted(number))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String built = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(build.waitFor()).isZero();
        Path copy = directory.resolve(name + ".raw");
        Process sparse = new ProcessBuilder("cp", "--sparse=always", built, copy.toString()).start();
        assertThat(sparse.waitFor()).isZero();
        assertThat(copy.toFile().setWritable(true)).isTrue();
        return copy;
    }

    private void awaitCopies() throws Exception {
        for (int look = 0; look < LOOKS && count(status("east"), "\"seeded\" : true") < 2; look++) {
            Thread.sleep(1_000);
        }
        assertThat(count(status("east"), "\"seeded\" : true")).isEqualTo(2);
    }

    /** The plan names them in their order; returns how many seconds are just enough for the first. */
    private long planned() throws Exception {
        Demonstration.Ran plan = at("east", "drain", "east", "--json");
        assertThat(plan.exitCode()).as(plan.screen()).isEqualTo(2);
        assertThat(groups(plan, row -> row.group().value())).containsExactly("bank", "web");
        assertThat(groups(plan, row -> row.fate().name())).containsExactly("MOVE", "MOVE");
        assertThat(plan.screen()).contains("\"basis\":\"assumed\"");
        assertThat(at("west", "drain", "east", "--yes").exitCode())
                .as("west can't order it")
                .isEqualTo(2);
        long first = Long.parseLong(
                groups(plan, row -> String.valueOf(row.move().orElseThrow().millis()))
                        .getFirst());
        return first * 12 / 10_000 + SLACK_SECONDS;
    }

    /** The other one has sixteen times the memory, so that it doesn't fit either when the first was quick. */
    private void theFirstLeavesInTimeAndTheOtherIsSafe(long seconds) throws Exception {
        Demonstration.Ran drained = at("east", "drain", "east", "--within", seconds + "s", "--yes", "--json");
        assertThat(drained.exitCode()).as(drained.screen()).isEqualTo(1);
        assertThat(groups(drained, row -> row.fate().name())).containsExactly("LEFT", "SYNCHRONOUS");
        assertThat(at("west", "status", "bank").screen()).contains("group bank: serving, owned by west");
        assertThat(at("east", "status", "web").screen())
                .contains("group web: serving, owned by east")
                .contains("flushes wait for the replica");
    }

    private void withAllTheTimeThereIsTheOtherLeavesToo() throws Exception {
        Demonstration.Ran drained = at("east", "drain", "east", "--yes", "--json");
        assertThat(drained.exitCode()).as(drained.screen()).isZero();
        assertThat(drained.screen()).contains("\"basis\":\"other-moves\"");
        assertThat(at("west", "status", "web").screen())
                .contains("group web: serving, owned by west")
                .as("the mode that it had before")
                .contains("mode        async");
    }

    /** What the report, which is the last line, says of each group. */
    private static List<String> groups(Demonstration.Ran ran, Function<DrainReport.Group, String> what) {
        List<String> lines = ran.screen().strip().lines().toList();
        return Json.read(lines.getLast(), DrainReport.class, "the report").groups().stream()
                .map(what)
                .toList();
    }

    private String status(String site) throws IOException, InterruptedException {
        return at(site, "status", "--json").screen();
    }

    private static int count(String text, String part) {
        return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
    }

    private Demonstration.Ran at(String site, String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--api", "/run/godwit/%s/%s/api.sock".formatted(lab, site)));
        return Demonstration.godwit(all.toArray(String[]::new));
    }

    private static void done(Demonstration.Ran ran) {
        assertThat(ran.exitCode()).as(ran.screen()).isZero();
    }
}
