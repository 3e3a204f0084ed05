package io.godwit.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The main job, for real: machines, disks, routes and links as in {@code ./godwit demo}. Needs root. */
@EnabledIfSystemProperty(named = "user.name", matches = "root", disabledReason = "namespaces need root")
class DemoTest {
    @TempDir
    Path directory = Path.of("");

    private final String lab = "t" + Long.toString(ProcessHandle.current().pid() % 100_000, 36);

    @Test
    void aServiceMovesThereAndBackUnderItsClient() throws IOException, InterruptedException {
        Demonstration demo = Demonstration.run(directory, lab, "there-and-back", "--rtt", "20ms", "--rate", "300mbit");
        demo.keptEveryWrite().keptTheConnection();
        assertThat(demo.exitCode()).as(demo.screen()).isZero();
        assertThat(demo.at("outcome")).isEqualTo("migrated");
        assertThat(demo.at("serving")).isEqualTo("east");
        assertThat((List<?>) demo.at("moves")).hasSize(2);
        assertThat(demo.at("server", "memoryIdentical")).isEqualTo(true);
        assertThat(demo.at("storage", "identical")).isEqualTo(true);
        Demonstration.leavesNothing(lab);
    }

    @Test
    void aMoveWhoseLinkBreaksIsGivenUpAndTheServiceGoesOn() throws IOException, InterruptedException {
        Demonstration demo =
                Demonstration.run(directory, lab, "--rtt", "20ms", "--rate", "300mbit", "--fault", "link-down@precopy");
        demo.keptEveryWrite().keptTheConnection();
        assertThat(demo.exitCode()).as(demo.screen()).isEqualTo(1);
        assertThat(demo.at("outcome")).isEqualTo("aborted");
        assertThat(demo.at("serving")).isEqualTo("east");
        Demonstration.leavesNothing(lab);
    }

    @Test
    void aMoveWhoseSourceDaemonDiesAfterTheCommitIsFinishedByTheNextOne() throws IOException, InterruptedException {
        Demonstration demo = Demonstration.run(
                directory, lab, "--rtt", "20ms", "--rate", "300mbit", "--fault", "kill-source-daemon@committed");
        demo.keptEveryWrite().keptTheConnection();
        assertThat(demo.exitCode()).as(demo.screen()).isZero();
        assertThat(demo.at("outcome")).isEqualTo("migrated");
        assertThat(demo.at("serving")).isEqualTo("west");
        Demonstration.leavesNothing(lab);
    }
}
