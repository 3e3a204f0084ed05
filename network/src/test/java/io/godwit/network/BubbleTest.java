package io.godwit.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.Command;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@EnabledIfSystemProperty(named = "user.name", matches = "root", disabledReason = "namespaces need root")
class BubbleTest {
    private static final ServiceNet NET = new ServiceNet(
            new InterfaceName("gwbr"), Ipv4Interface.parse("10.90.0.1/24"), new MacAddress("52:54:00:67:77:01"));
    private static final ServicePort PORT = new ServicePort(
            new InterfaceName("gwtap0"), Ipv4Address.parse("10.90.0.10"), new MacAddress("52:54:00:00:00:0a"));
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /** Says the number of a process that has a session of its own, and whose parent has ended. */
    private static final String STRAY = "setsid sleep 600 >/dev/null 2>&1 & echo $!";

    @Test
    void itIsTheServiceNetworkAndNothingLeadsOut() throws Exception {
        try (Bubble bubble = new Bubble(NET)) {
            bubble.plug(PORT);
            assertThat(bubble.answers(NET.gateway().address(), PATIENCE)).isTrue();
            assertThat(bubble.answers(PORT.address(), PATIENCE))
                    .as("nobody is there yet")
                    .isFalse();
            String routes = bubble.within(() -> Ip.run("route", "show", "table", "main"));
            assertThat(routes.lines())
                    .singleElement()
                    .satisfies(only -> assertThat(only).startsWith("10.90.0.0/24 dev gwbr"));
            String links = bubble.within(() -> Ip.run("-o", "link", "show"));
            assertThat(links.lines()).hasSize(3);
        }
        assertThat(Ip.exists(NET.bridge())).as("outside").isFalse();
        assertThat(Ip.exists(PORT.tap())).as("outside").isFalse();
    }

    @Test
    void whatGoesWrongInsideIsSaidOutside() throws Exception {
        try (Bubble bubble = new Bubble(NET)) {
            assertThatThrownBy(() -> bubble.within(() -> {
                        throw new IOException("broken");
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("broken");
            assertThatThrownBy(
                            () -> bubble.plug(new ServicePort(PORT.tap(), Ipv4Address.parse("10.91.0.1"), PORT.mac())))
                    .isInstanceOf(GodwitException.class)
                    .hasMessageContaining("10.91.0.1 is not a service address");
        }
    }

    @Test
    void whatWasStartedInsideIsEndedWithItAlsoWhatHasLeftItsSession() throws Exception {
        Command.Outcome outside = Command.of("sh", "-c", STRAY).attempt();
        ProcessHandle spared = process(outside);
        Occupants inside;
        ProcessHandle second;
        try (Bubble bubble = new Bubble(NET)) {
            inside = bubble.occupants();
            ProcessHandle first =
                    process(bubble.within(() -> Command.of("sh", "-c", STRAY).attempt()));
            second = process(bubble.within(() -> Command.of("sh", "-c", STRAY).attempt()));
            assertThat(inside.list()).containsExactlyInAnyOrder(first, second);
            bubble.endAllBut(second::equals);
            assertThat(inside.list()).containsExactly(second);
        }
        assertThat(inside.list()).isEmpty();
        assertThat(spared.isAlive()).as("outside").isTrue();
        spared.destroyForcibly();
    }

    private static ProcessHandle process(Command.Outcome started) {
        return ProcessHandle.of(Long.parseLong(started.output().strip())).orElseThrow();
    }

    @Test
    void nobodyIsEndedInTheNamespaceOfThisProgram() throws Exception {
        String own = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
        assertThatThrownBy(() -> new Occupants(own)).isInstanceOf(IllegalArgumentException.class);
    }
}
