package io.godwit.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Faults for real, as in {@code ./godwit demo chaos}: false alarms, which are to move nothing. Needs root. */
@EnabledIfSystemProperty(named = "user.name", matches = "root", disabledReason = "namespaces need root")
class ChaosTest {
    @TempDir
    Path directory = Path.of("");

    private final String lab = Demonstration.newLab();

    @Test
    void aLinkThatIsDownForAMinuteAWitnessThatIsAwayAndADaemonThatRestartsMoveNothing()
            throws IOException, InterruptedException {
        Path report = directory.resolve("report.json");
        Demonstration.Ran ran = Demonstration.godwit(
                "demo",
                "chaos",
                "--yes",
                "--name",
                lab,
                "--seed",
                "1",
                "--rtt",
                "10ms",
                "--report",
                report.toString(),
                "--only",
                "wan-down",
                "--only",
                "witness-killed",
                "--only",
                "owner-daemon-killed");
        assertThat(report).as(ran.screen()).exists();
        Map<?, ?> found = Json.read(Files.readString(report), Map.class, "the report");
        assertThat((List<?>) found.get("rounds")).as(ran.screen()).hasSize(3).allSatisfy(round -> {
            assertThat(((Map<?, ?>) round).get("ownerAfter")).isEqualTo("east");
            assertThat(((Map<?, ?>) round).get("term")).isEqualTo(1);
        });
        assertThat((List<?>) found.get("broken")).as(ran.screen()).isEmpty();
        assertThat(ran.exitCode()).as(ran.screen()).isZero();
        Demonstration.leavesNothing(lab);
    }
}
