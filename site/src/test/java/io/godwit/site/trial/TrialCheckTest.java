package io.godwit.site.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.FailoverTestReport.Check;
import io.godwit.core.Command;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.network.Bubble;
import io.godwit.network.InterfaceName;
import io.godwit.network.Ipv4Interface;
import io.godwit.network.MacAddress;
import io.godwit.network.ServiceNet;
import io.godwit.site.SiteConfig;
import io.godwit.site.files.GroupFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of a test's machines, and what is left of it when a daemon was killed. */
@Timeout(120)
@EnabledIfSystemProperty(named = "user.name", matches = "root", disabledReason = "namespaces need root")
class TrialCheckTest {
    private static final ServiceNet NET = new ServiceNet(
            new InterfaceName("gwbr"), Ipv4Interface.parse("10.90.0.1/24"), new MacAddress("52:54:00:67:77:01"));

    @TempDir
    Path directory = Path.of("");

    private Bubble bubble;

    @BeforeEach
    void begin() throws Exception {
        bubble = new Bubble(NET);
    }

    @AfterEach
    void end() {
        bubble.close();
    }

    private TrialPlace place() {
        return new TrialPlace(new GroupFiles(
                new SiteConfig(
                        new SiteName("west"),
                        directory.resolve("state").toString(),
                        directory.resolve("run").toString(),
                        directory.resolve("ram").toString(),
                        "127.0.0.1:7400",
                        "127.0.0.1",
                        new SiteConfig.Service("gwbr", "10.90.0.1/24", "52:54:00:67:77:01"),
                        50051,
                        Optional.empty(),
                        Optional.empty()),
                new GroupName("shop")));
    }

    private Check check(String line, Duration patience) throws Exception {
        return new TrialCheck(line, place().marked(), bubble, process -> false).run(patience, () -> false);
    }

    @Test
    void itIsRunInTheNetworkUntilItSucceeds() throws Exception {
        Path tries = directory.resolve("tries");
        Check check =
                check("echo x >>%1$s; ip route; [ $(wc -l <%1$s) -eq 3 ]".formatted(tries), Duration.ofMinutes(1));
        assertThat(check.exitCode()).isZero();
        assertThat(check.output()).hasLineCount(1).startsWith("10.90.0.0/24 dev gwbr");
        assertThat(Files.readAllLines(tries)).hasSize(3);
    }

    @Test
    void whatTheLastTryThatEndedSaidIsKeptWhenTheNextOneIsCutShort() throws Exception {
        Path tries = directory.resolve("tries");
        Check check = check(
                "[ -e %1$s ] && sleep 600; touch %1$s; echo not ready; exit 7".formatted(tries), Duration.ofSeconds(4));
        assertThat(check.exitCode()).isEqualTo(7);
        assertThat(check.output()).isEqualTo("not ready");
    }

    @Test
    void aTryThatHangsIsEndedWithAllThatItStartedAndItsWordsAreSaid() throws Exception {
        Check check = check("echo waiting; setsid sleep 600 & sleep 600", Duration.ofSeconds(2));
        assertThat(check.exitCode()).isEqualTo(-1);
        assertThat(check.output())
                .startsWith("`echo waiting; setsid sleep 600 & sleep 600` did not end")
                .endsWith("had said: waiting");
        assertThat(bubble.occupants().list()).isEmpty();
    }

    @Test
    void whatADaemonThatWasKilledHasLeftRunningIsKnownByItsMark() throws Exception {
        place().prepare(bubble);
        String stray = "setsid sleep 600 >/dev/null 2>&1 &";
        bubble.within(() -> Command.of("sh", "-c", stray).run());
        place().endOccupants();
        assertThat(bubble.occupants().list())
                .as("the number of the namespace alone proves nothing")
                .hasSize(1);
        bubble.within(
                () -> Command.of("env", place().marked(), "sh", "-c", stray).run());
        assertThat(bubble.occupants().list()).hasSize(2);
        place().endOccupants();
        assertThat(bubble.occupants().list()).isEmpty();
    }
}
