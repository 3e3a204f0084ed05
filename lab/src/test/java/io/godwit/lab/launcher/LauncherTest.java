package io.godwit.lab.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.lab.launcher.LauncherCopy.Ending;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ./godwit does before Java runs. */
class LauncherTest {
    private static final int REFUSED = 2;

    @TempDir
    private Path base;

    private LauncherCopy launcher;

    @BeforeEach
    void copy() throws IOException {
        launcher = new LauncherCopy(base);
    }

    @Test
    void withoutAJdkItSaysWhatToDoAndLeavesNothing() throws Exception {
        launcher.set("GODWIT_JAVA_HOME", null);
        Ending ending = launcher.launch("status");
        assertThat(ending.exitCode()).isEqualTo(REFUSED);
        assertThat(ending.err())
                .contains("needs a JDK 25")
                .contains("GODWIT_JAVA_HOME")
                .hasLineCount(1);
        assertThat(launcher.home()).doesNotExist();
    }

    @Test
    void aJdkIsFoundInAFolderOfJdks() throws Exception {
        launcher.set("GODWIT_JAVA_HOME", null);
        launcher.set("GODWIT_JDK_FOLDERS", base.resolve("tools") + " " + base.resolve("jdk"));
        assertThat(launcher.launch("status").exitCode()).isZero();
    }

    @Test
    void aJdkThatIsNamedMustBeOne() throws Exception {
        Files.writeString(base.resolve("jdk/release"), "JAVA_VERSION=\"17.0.9\"\n");
        Ending ending = launcher.launch("status");
        assertThat(ending.exitCode()).isEqualTo(REFUSED);
        assertThat(ending.err()).contains("is no JDK 25").hasLineCount(1);
    }

    @Test
    void helpNeedsNothing() throws Exception {
        launcher.set("GODWIT_JAVA_HOME", null);
        assertThat(launcher.launch().out())
                .isEqualTo(launcher.launch("--help").out())
                .contains("./godwit demo");
        assertThat(launcher.home()).doesNotExist();
    }

    @Test
    void theWordChoosesTheProgramAndItGetsEveryArgument() throws Exception {
        assertThat(launcher.launch("site", "a b", "").out()).isEqualTo("io.godwit.site.SiteMain\nsite\na b\n\n");
        assertThat(launcher.launch("demo", "--help").out()).startsWith("io.godwit.lab.LabMain\ndemo\n--help\n");
        assertThat(launcher.launch("lab", "down").out()).startsWith("io.godwit.lab.LabMain\nlab\ndown\n");
        assertThat(launcher.launch("nonsense").out()).isEqualTo("io.godwit.cli.CliMain\nnonsense\n");
        assertThat(launcher.builds()).isEqualTo(1);
    }

    @Test
    void theExitCodeIsTheProgramsOwn() throws Exception {
        assertThat(launcher.launch("status", "fail").exitCode()).isEqualTo(7);
    }

    @Test
    void theProgramTakesTheLaunchersPlaceSoThatSignalsReachIt() throws Exception {
        Process process = launcher.start(List.of(), "site", "wait");
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.readLine()).isEqualTo("io.godwit.site.SiteMain");
            assertThat(process.info().arguments().orElseThrow()).contains("io.godwit.site.SiteMain", "wait");
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    @Test
    void twoFirstLaunchesAtOnceBuildOnce() throws Exception {
        Process one = launcher.start(List.of(), "status");
        Process other = launcher.start(List.of(), "status");
        assertThat(LauncherCopy.await(one).out())
                .isEqualTo(LauncherCopy.await(other).out())
                .contains("CliMain");
        assertThat(launcher.builds()).isEqualTo(1);
    }

    @Test
    void changedSourcesAreBuiltButNotUnderARunningProgram() throws Exception {
        launcher.launch("status");
        Path running = onlyBuild();
        launcher.source("second, and longer");
        launcher.set("GODWIT_APP", running.toString());
        launcher.launch("site");
        assertThat(launcher.builds()).isEqualTo(1);
        launcher.set("GODWIT_APP", null);
        launcher.launch("status");
        assertThat(launcher.builds()).isEqualTo(2);
    }

    @Test
    void aBuildIsRemovedWhenNewerOnesExistAndNobodyRunsFromIt() throws Exception {
        Process process = launcher.start(List.of(), "site", "wait");
        try (BufferedReader out = process.inputReader()) {
            out.readLine();
            Path inUse = onlyBuild();
            buildThrice();
            assertThat(inUse).exists();
            process.destroy();
            process.waitFor();
            launcher.source("and one to tidy up after");
            launcher.launch("status");
            assertThat(inUse).doesNotExist();
        } finally {
            process.destroy();
        }
    }

    @Test
    void aFailedBuildShowsItsErrors() throws Exception {
        launcher.breakBuild();
        Ending ending = launcher.launch("status");
        assertThat(ending.exitCode()).isEqualTo(1);
        assertThat(ending.err()).contains("[ERROR] Main.java:[7,1]").contains("build.log");
        assertThat(ending.out()).isEmpty();
    }

    @Test
    void anOrdinaryUserIsToldTheCommandThatInstallsWhatIsMissing() throws Exception {
        launcher.packages(
                "maven mvn build the build", "qemu-x no-such-program lab runs guests", "c no-such test other");
        Ending ending = launcher.launchAsNobody("demo");
        assertThat(ending.exitCode()).isEqualTo(REFUSED);
        assertThat(ending.err()).contains("sudo apt-get").endsWith("--no-install-recommends qemu-x\n");
        assertThat(launcher.launchAsNobody("test").err()).endsWith(" qemu-x c\n");
        assertThat(launcher.builds()).isZero();
    }

    @Test
    void takingALabDownNeedsNoPackages() throws Exception {
        launcher.packages("qemu-x no-such-program lab runs guests");
        assertThat(launcher.launch("lab", "down").exitCode()).isZero();
        assertThat(launcher.launch("demo", "--help").exitCode()).isZero();
    }

    @Test
    void aHomeThatCannotBeWrittenIsNamed() throws Exception {
        launcher.set("GODWIT_HOME", "/proc/godwit");
        Ending ending = launcher.launch("status");
        assertThat(ending.exitCode()).isEqualTo(REFUSED);
        assertThat(ending.err()).contains("cannot write to /proc/godwit").hasLineCount(1);
    }

    private void buildThrice() throws Exception {
        for (String content : List.of("newer", "even newer", "the newest of them")) {
            launcher.source(content);
            launcher.launch("status");
        }
    }

    private Path onlyBuild() throws IOException {
        try (var builds = Files.list(launcher.home().resolve("app"))) {
            return builds.toList().getFirst();
        }
    }
}
