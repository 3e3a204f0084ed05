package io.godwit.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The main job, for real: machines, disks, routes and links as in {@code ./godwit demo}. Needs root. The longest begin first: two run at once, to the end. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@EnabledIfSystemProperty(named = "user.name", matches = "root", disabledReason = "namespaces need root")
class DemoTest {
    @TempDir
    Path directory = Path.of("");

    private final String lab = Demonstration.newLab();

    @Test
    @Order(4)
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
    @Order(1)
    void aServiceWhoseSiteIsLostGoesOnAtTheOtherOneAndComesHome() throws IOException, InterruptedException {
        try {
            Demonstration demo =
                    Demonstration.run(directory, lab, "unplanned", "--rtt", "20ms", "--rate", "300mbit", "--keep");
            demo.keptEveryWrite();
            assertThat(demo.exitCode()).as(demo.screen()).isZero();
            assertThat(demo.at("outcome")).isEqualTo("failed-over");
            assertThat(demo.at("serving")).isEqualTo("east");
            failoverIsTriedOut();
        } finally {
            Demonstration.godwit("lab", "down", "--name", lab);
        }
        Demonstration.leavesNothing(lab);
    }

    @Test
    @Order(2)
    void withoutAWitnessAPersonDecidesAndTheMachineGoesOnFromItsLastCheckpoint()
            throws IOException, InterruptedException {
        try {
            Demonstration demo = Demonstration.run(
                    directory,
                    lab,
                    "unplanned",
                    "--operator",
                    "--checkpoints",
                    "2",
                    "--rtt",
                    "20ms",
                    "--rate",
                    "300mbit",
                    "--keep");
            assertThat(demo.at("recovery", "mechanism")).as(demo.screen()).isEqualTo("warm standby");
            assertThat(demo.at("client", "tcp", "wrongReads")).isEqualTo(0);
            assertThat(demo.at("unverifiedWrites")).isEqualTo(0);
            assertThat(demo.exitCode()).as(demo.screen()).isZero();
            assertThat(demo.at("outcome")).isEqualTo("failed-over");
            assertThat(demo.at("serving")).isEqualTo("east");
            new AskingMachine(lab).getsWhatItAsksFor();
        } finally {
            Demonstration.godwit("lab", "down", "--name", lab);
        }
        Demonstration.leavesNothing(lab);
    }

    /** The replica's machine answers in a network of its own, while the real one answers its client. */
    private void failoverIsTriedOut() throws IOException, InterruptedException {
        String ping = "exec 3<>/dev/tcp/10.90.0.10/6379; echo PING >&3; head -n 1 <&3 | grep PONG";
        Demonstration.Ran passed = atWest("failover", "shop", "--test", "--check", "bash -c '%s'".formatted(ping));
        assertThat(passed.exitCode()).as(passed.screen()).isZero();
        assertThat(passed.screen()).contains("passed").contains("PONG").contains("are gone");
        assertThat(atWest("status").screen())
                .contains("group shop: following, owned by east")
                .doesNotContain("--end-test");
        aCheckThatHangsLeavesNothing();
    }

    private void aCheckThatHangsLeavesNothing() throws IOException, InterruptedException {
        String stray = "sleep 59%d".formatted(ProcessHandle.current().pid());
        String hangs = "echo begun; setsid %s & sleep 600".formatted(stray);
        Demonstration.Ran failed = atWest("failover", "shop", "--test", "--check", hangs, "--patience", "60", "--keep");
        assertThat(failed.exitCode()).as(failed.screen()).isEqualTo(1);
        assertThat(failed.screen()).contains("FAILED", "answered after", "had said: begun", "run on");
        assertThat(atWest("status").screen()).contains("of a failover, kept").contains("1 of 1 machines have answered");
        assertThat(ProcessHandle.allProcesses()
                        .map(process -> process.info().commandLine().orElse(""))
                        .filter(line -> line.endsWith(stray)))
                .isEmpty();
        assertThat(atWest("failover", "shop", "--end-test").exitCode()).isZero();
        assertThat(atWest("failover", "shop", "--end-test").exitCode())
                .as("there is none any more")
                .isEqualTo(2);
    }

    private Demonstration.Ran atWest(String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--api", "/run/godwit/%s/west/api.sock".formatted(lab)));
        return Demonstration.godwit(all.toArray(String[]::new));
    }

    @Test
    @Order(5)
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
    @Order(3)
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
