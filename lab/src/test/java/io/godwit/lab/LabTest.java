package io.godwit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.BitRate;
import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.lab.net.LabRemoval;
import io.godwit.lab.wire.LinkShape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One lab that is up, and what can be done with it. */
class LabTest {
    private static final LabName NAME =
            new LabName("t%d-a".formatted(ProcessHandle.current().pid()));
    private static Lab lab;

    @BeforeAll
    static void bringUp() {
        lab = Lab.up(LabSpec.usual(NAME).withSiteDisk(ByteCount.ofMiB(64)));
    }

    @AfterAll
    static void takeDown() {
        LabRemoval.of(NAME).run();
    }

    @Test
    void everyPlaceHasItsAddresses() throws Exception {
        assertThat(output(Place.EAST, "ip", "-o", "address")).contains("10.255.0.1/30", "10.81.1.2/30");
        assertThat(output(Place.WEST, "ip", "-o", "address")).contains("10.255.0.2/30", "10.81.2.2/30");
        assertThat(output(Place.CLIENT, "ip", "-o", "address")).contains("10.80.0.2/24");
        assertThat(output(Place.EAST, "ip", "link", "show", "wan")).contains("mtu 1600");
    }

    @Test
    void aKilledProcessIsStartedAgain() throws Exception {
        LabProcess speaker = lab.process("gobgpd-east");
        long killed = speaker.status().pid();
        speaker.kill();
        Eventually.isTrue("gobgpd-east runs again", () -> {
            ProcessStatus now = speaker.status();
            return now.running() && now.pid() != killed && now.starts() == 2;
        });
        assertThat(lab.eventsAfter(0))
                .anyMatch(event -> event.kind() == LabEvent.Kind.PROCESS_ENDED
                        && event.subject().equals("gobgpd-east"));
    }

    @Test
    void aDaemonOfOnesOwnIsLookedAfter() throws Exception {
        LabProcess sleeper = lab.supervise(new DaemonSpec("sleeper", Place.WEST, List.of("sleep", "1000")));
        Eventually.isTrue("it runs", () -> sleeper.status().running());
        long pid = sleeper.status().pid();
        Eventually.isTrue(
                "it is in its namespace",
                () -> Place.WEST.namespace(NAME).processes().contains(pid));

        sleeper.restart();
        Eventually.isTrue(
                "another one runs",
                () -> sleeper.status().running() && sleeper.status().pid() != pid);

        sleeper.stop();
        assertThat(sleeper.status().running()).isFalse();
        assertThat(sleeper.status().wanted()).isFalse();
        sleeper.start();
        Eventually.isTrue("it runs once more", () -> sleeper.status().running());

        assertThatThrownBy(() -> lab.supervise(new DaemonSpec("sleeper", Place.WEST, List.of("true"))))
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("already");
    }

    @Test
    void aLinkIsChangedWhileItRuns() {
        LinkShape slow = LinkShape.of(Duration.ofMillis(80), BitRate.parse("10mbit"), 1);
        LabLink wan = lab.link("wan");
        wan.set(slow);
        assertThat(wan.status()).extracting(LinkStatus::shape).containsExactly(slow, slow);
        LinkShape faster = LinkShape.of(Duration.ofMillis(80), BitRate.parse("20mbit"), 0);
        wan.set(Place.WEST, faster);
        assertThat(wan.status()).extracting(LinkStatus::shape).containsExactly(slow, faster);
        wan.down();
        assertThat(wan.status()).noneMatch(LinkStatus::up);
        wan.up();
        assertThat(wan.status()).allMatch(LinkStatus::up);
        assertThatThrownBy(() -> lab.link("moon").down())
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("moon");
    }

    @Test
    void aSitesDiskFillsUpAloneAndItsSocketPathsAreShort() throws IOException {
        Path file = lab.site("west").stateDir().resolve("ballast");
        byte[] block = new byte[1 << 20];
        assertThatThrownBy(() -> {
                    try (var out = Files.newOutputStream(file)) {
                        for (int written = 0; written < 100; written++) {
                            out.write(block);
                        }
                    }
                })
                .isInstanceOf(IOException.class);
        Files.delete(file);
        assertThat(lab.site("east")
                        .runDir()
                        .resolve("qemu-some-group-some-machine.sock")
                        .toString())
                .hasSizeLessThan(100);
    }

    @Test
    void aNameIsGivenOnce() {
        assertThatThrownBy(() -> Lab.up(LabSpec.usual(NAME)))
                .isInstanceOfSatisfying(
                        GodwitException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CONFLICT));
        assertThat(lab.status().processes()).isNotEmpty();
    }

    private static String output(Place place, String... argv) throws Exception {
        Process process = lab.exec(place, argv).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return text;
    }
}
