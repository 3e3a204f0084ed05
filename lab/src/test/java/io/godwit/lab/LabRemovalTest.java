package io.godwit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ByteCount;
import io.godwit.core.Command;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.lab.net.LabRemoval;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** However a lab ends, nothing of it is left. */
class LabRemovalTest {
    private static final LabName NAME =
            new LabName("t%d-r".formatted(ProcessHandle.current().pid()));

    @AfterEach
    void removeWhatAFailureLeft() {
        LabRemoval.of(NAME).run();
    }

    @Test
    void aLabThatIsTakenDownLeavesNothing() throws Exception {
        Lab lab = Lab.up(LabSpec.usual(NAME).withSiteDisk(ByteCount.ofMiB(64)));
        List<Long> processes = allProcesses(lab);
        assertThat(processes).hasSizeGreaterThanOrEqualTo(4);
        lab.down();
        assertNothingLeft(processes);
        assertThatThrownBy(() -> Lab.find(NAME))
                .isInstanceOfSatisfying(
                        GodwitException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void aLabWhoseKeeperWasKilledIsTakenDownToo() throws Exception {
        Lab lab = Lab.up(LabSpec.usual(NAME).withSiteDisk(ByteCount.ofMiB(64)));
        Process guest = lab.exec(Place.EAST, "sleep", "1000").start();
        Process busy = new ProcessBuilder("sleep", "1000")
                .directory(lab.site("west").stateDir().toFile())
                .start();
        try {
            List<Long> processes = allProcesses(lab);
            Process keeperKiller =
                    new ProcessBuilder("kill", "-9", Long.toString(lab.status().keeperPid())).start();
            assertThat(keeperKiller.waitFor()).isZero();
            Eventually.isTrue("the keeper is dead", () -> !answers(lab));
            Lab.find(NAME).down();
            assertNothingLeft(processes);
            assertThat(guest.waitFor()).isNotZero();
            assertThat(busy.isAlive()).as("a process from outside the lab").isTrue();
        } finally {
            guest.destroyForcibly();
            busy.destroyForcibly();
        }
    }

    @Test
    void aLabThatCannotBeMadeLeavesNothingAndSaysWhy() throws Exception {
        LabSpec impossible = LabSpec.usual(NAME).withSiteDisk(ByteCount.parse("8000TiB"));
        assertThatThrownBy(() -> Lab.up(impossible))
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("east");
        assertNothingLeft(List.of());
    }

    @Test
    void aHalfMadeLabIsTakenDown() throws Exception {
        Place.CORE.namespace(NAME).create();
        Files.createDirectories(LabPaths.of(NAME).state().resolve("logs"));
        Lab.find(NAME).down();
        assertNothingLeft(List.of());
    }

    private static List<Long> allProcesses(Lab lab) {
        List<Long> processes = new java.util.ArrayList<>(List.of(lab.status().keeperPid()));
        for (Place place : Place.values()) {
            processes.addAll(place.namespace(NAME).processes());
        }
        return processes;
    }

    private static boolean answers(Lab lab) {
        try {
            lab.status();
            return true;
        } catch (GodwitException silent) {
            return false;
        }
    }

    private static void assertNothingLeft(List<Long> processes) throws Exception {
        for (Place place : Place.values()) {
            assertThat(place.namespace(NAME).exists()).isFalse();
        }
        LabPaths paths = LabPaths.of(NAME);
        assertThat(paths.state()).doesNotExist();
        assertThat(paths.run()).doesNotExist();
        assertThat(Files.readString(Path.of("/proc/self/mounts")))
                .doesNotContain(paths.state().toString());
        Eventually.isTrue(
                "its processes are gone",
                () -> processes.stream()
                        .noneMatch(pid -> ProcessHandle.of(pid)
                                .filter(ProcessHandle::isAlive)
                                .isPresent()));
        assertThat(Command.of("ip", "-o", "link").run()).doesNotContain(NAME.value());
    }
}
