package io.godwit.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.Command;
import io.godwit.core.posix.BootClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Until when the kernel lets a machine be heard: two namespaces, one with the site's bridge, the other as its machine. */
@Timeout(120)
class LeasedPortsTest {
    private static final List<InterfaceName> PORT = List.of(new InterfaceName("gwp0"));
    private static final Ipv4Address GATEWAY = Ipv4Address.parse("10.90.0.1");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ANSWER_MILLIS = 200;

    private OwnNamespace site;
    private OwnNamespace machine;

    @BeforeEach
    void plugIn() throws Exception {
        site = new OwnNamespace("site");
        machine = new OwnNamespace("machine");
        site.ip("link add gwbr type bridge");
        site.ip("link set gwbr up");
        site.ip("address add 10.90.0.1/24 dev gwbr");
        site.ip("link add name gwp0 type veth peer name eth0 netns %s".formatted(machine.file()));
        site.ip("link set gwp0 master gwbr up");
        machine.ip("address add 10.90.0.10/24 dev eth0");
        machine.ip("link set eth0 up");
        until(true);
    }

    @AfterEach
    void leave() {
        machine.close();
        site.close();
    }

    private boolean heard() throws Exception {
        return machine.call(() -> GATEWAY.toInetAddress().isReachable(ANSWER_MILLIS));
    }

    private void until(boolean heard) throws Exception {
        until(() -> heard() == heard);
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call() && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
        assertThat(condition.call()).isTrue();
    }

    private static long in(Duration time) {
        return BootClock.nanos() + time.toNanos();
    }

    @Test
    void nothingIsHeardWithoutALeaseAndAfterItsEnd() throws Exception {
        try (LeasedPorts ports = site.call(LeasedPorts::new)) {
            assertThat(heard()).as("other machines are nobody's business").isTrue();
            site.call(() -> governed(ports));
            assertThat(heard()).isFalse();
            ports.allow(PORT, in(Duration.ofSeconds(2)));
            until(true);
            until(false);
        }
    }

    private static boolean governed(LeasedPorts ports) {
        ports.govern(PORT);
        return true;
    }

    @Test
    void aLeaseThatIsTakenBackEndsAtOnceAlsoThatOfAnEarlierRun() throws Exception {
        try (LeasedPorts ports = site.call(LeasedPorts::new)) {
            site.call(() -> governed(ports));
            ports.allow(PORT, in(Duration.ofMinutes(10)));
            until(true);
        }
        try (LeasedPorts later = site.call(LeasedPorts::new)) {
            assertThat(heard()).as("a new run leaves it as it is").isTrue();
            assertThat(later.isRevoked(PORT)).isFalse();
            later.revoke(PORT);
            until(() -> later.isRevoked(PORT));
            assertThat(heard()).isFalse();
            later.allow(PORT, in(Duration.ofMinutes(10)));
            until(true);
            assertThat(later.isRevoked(PORT)).isFalse();
        }
    }

    @Test
    void theKernelAloneEndsTheLeaseOfAProgramThatIsFrozen() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process program = site.call(() -> new ProcessBuilder(
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KeepHeard.class.getName(),
                        "gwp0")
                .inheritIO()
                .start());
        try {
            until(() -> site.call(LeasedPortsTest::governs));
            until(true);
            Command.of("kill", "-STOP", Long.toString(program.pid())).run();
            until(false);
            Thread.sleep(Duration.ofSeconds(2));
            assertThat(heard()).isFalse();
            Command.of("kill", "-CONT", Long.toString(program.pid())).run();
            until(true);
        } finally {
            program.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        until(false);
    }

    private static boolean governs() {
        return Command.of("nft", "list table bridge godwit").attempt().output().contains("gwp0");
    }

    @Test
    void whenAllIsRemovedEverythingIsHeard() throws Exception {
        try (LeasedPorts ports = site.call(LeasedPorts::new)) {
            site.call(() -> governed(ports));
            until(false);
        }
        site.call(() -> {
            LeasedPorts.remove();
            LeasedPorts.remove();
            return true;
        });
        until(true);
    }
}
