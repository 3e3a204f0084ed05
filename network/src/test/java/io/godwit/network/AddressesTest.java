package io.godwit.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "10.90.0.10", "255.255.255.255", "192.0.2.1"})
    void anAddressIsWrittenAsItWasRead(String text) {
        assertThat(Ipv4Address.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.90.0", "10.90.0.256", "10.90.0.10/24", "::1", "a.b.c.d", "10.90.0.10 dev lo"})
    void whatIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> Ipv4Address.parse(text)).isInstanceOf(GodwitException.class);
    }

    @Test
    void anInterfaceAddressKnowsItsNetwork() {
        Ipv4Interface gateway = Ipv4Interface.parse("10.90.0.1/24");
        assertThat(gateway.network()).hasToString("10.90.0.0/24");
        assertThat(gateway.contains(Ipv4Address.parse("10.90.0.255"))).isTrue();
        assertThat(gateway.contains(Ipv4Address.parse("10.90.1.1"))).isFalse();
        assertThat(Ipv4Interface.parse("10.0.0.1/32").contains(Ipv4Address.parse("10.0.0.2")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.90.0.1", "10.90.0.1/33", "10.90.0.1/7", "/24", "10.90.0.1/24x"})
    void whatIsNoInterfaceAddressIsRefused(String text) {
        assertThatThrownBy(() -> Ipv4Interface.parse(text)).isInstanceOf(GodwitException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01:00:5e:00:00:01", "52:54:00:67:77", "52:54:00:67:77:0g", "52:54:00:67:77:AA", ""})
    void whatIsNoStationsMacIsRefused(String text) {
        assertThatThrownBy(() -> new MacAddress(text)).isInstanceOf(GodwitException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sixteen-letters-", "-br", "br 0", "br0;id", "BR0"})
    void whatCannotNameAnInterfaceIsRefused(String text) {
        assertThatThrownBy(() -> new InterfaceName(text)).isInstanceOf(GodwitException.class);
    }

    @Test
    void aTunnelIsReadFromItsJson() {
        TunnelSpec tunnel = new TunnelSpec(
                new InterfaceName("gwvx0"),
                5,
                Ipv4Address.parse("10.255.0.1"),
                Ipv4Address.parse("10.255.0.2"),
                Ipv4Interface.parse("10.254.0.1/30"),
                Ipv4Address.parse("10.254.0.2"));
        assertThat(Json.read(Json.bytes(tunnel), TunnelSpec.class, "the tunnel"))
                .isEqualTo(tunnel);
    }

    @Test
    void countersAreReadFromTheKernelsTable() {
        String table = """
                Inter-|   Receive                                                |  Transmit
                 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                    lo:     100       1    0    0    0     0          0         0      100       1    0    0    0     0       0          0
                 gwvx0:    2000      20    0    3    0     0          0         0     4000      40    0    4    0     0       0          0
                """;
        assertThat(InterfaceCounters.find(new InterfaceName("gwvx0"), table))
                .contains(new TunnelCounters(20, 2000, 40, 4000, 7));
        assertThat(InterfaceCounters.find(new InterfaceName("gwvx"), table)).isEmpty();
    }

    @Test
    void aMachineHasAnAddressOfItsOwnInTheServiceNetwork() {
        ServiceNet net = new ServiceNet(
                new InterfaceName("gwsvc0"), Ipv4Interface.parse("10.90.0.1/24"), new MacAddress("52:54:00:67:77:01"));
        net.requireMember(Ipv4Address.parse("10.90.0.10"));
        for (String impossible : new String[] {"10.90.1.10", "10.90.0.1", "10.90.0.0", "10.90.0.255"}) {
            assertThatThrownBy(() -> net.requireMember(Ipv4Address.parse(impossible)))
                    .hasMessageContaining(impossible + " is not a service address");
        }
        assertThatThrownBy(() -> net.requireOther(new MacAddress("52:54:00:67:77:01")))
                .hasMessageContaining("is the gateway's MAC address");
    }
}
