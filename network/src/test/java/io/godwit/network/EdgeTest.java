package io.godwit.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An edge in a network namespace of its own, with a real kernel under it. */
class EdgeTest {
    private static final ServiceNet NET = new ServiceNet(
            new InterfaceName("gwbr"), Ipv4Interface.parse("10.90.0.1/24"), new MacAddress("52:54:00:67:77:01"));
    private static final ServicePort PORT = new ServicePort(
            new InterfaceName("gwtap0"), Ipv4Address.parse("10.90.0.10"), new MacAddress("52:54:00:00:00:0a"));
    private static final TunnelSpec TUNNEL = new TunnelSpec(
            new InterfaceName("gwvx0"),
            77,
            Ipv4Address.parse("10.255.0.1"),
            Ipv4Address.parse("10.255.0.2"),
            Ipv4Interface.parse("10.254.0.1/30"),
            Ipv4Address.parse("10.254.0.2"));

    private OwnNamespace site;
    private Edge edge;

    @BeforeEach
    void giveTheSiteAnUnderlay() throws Exception {
        site = new OwnNamespace("site");
        site.ip("link add name wan mtu 1600 type veth peer name far mtu 1600");
        site.ip("link set far up");
        site.ip("link set wan up");
        site.ip("address add 10.255.0.1/30 dev wan");
        edge = site.call(() -> new Edge(NET, new BgpSpeaker(50051)));
    }

    @AfterEach
    void leave() throws Exception {
        edge.close();
        site.close();
    }

    @Test
    void sayingEverythingTwiceChangesNothing() throws Exception {
        stateAll();
        String once = picture();
        stateAll();
        assertThat(picture()).isEqualTo(once);
    }

    @Test
    void aRestartedProgramFindsWhatIsThereAndMakesWhatIsMissing() throws Exception {
        stateAll();
        String before = picture();
        site.ip("neighbour delete 10.90.0.10 dev gwbr");
        site.ip("route delete 10.90.0.10/32 metric 100");
        site.ip("link set gwvx0 down");
        edge.close();
        edge = site.call(() -> new Edge(NET, new BgpSpeaker(50051)));
        stateAll();
        assertThat(picture()).isEqualTo(before);
    }

    @Test
    void anAddressIsPlacedDivertedAndBroughtBack() throws Exception {
        stateAll();
        assertThat(routeToService()).contains("dev gwbr");
        assertThat(site.call(() -> edge.placement(PORT.address()))).contains(Placement.HERE);

        site.call(() -> edge.divert(PORT.address()));
        assertThat(routeToService()).contains("via 10.254.0.2 dev gwvx0");
        assertThat(site.call(() -> edge.placement(PORT.address()))).contains(Placement.ELSEWHERE);
        site.call(() -> edge.divert(PORT.address()));

        site.call(() -> edge.keepHere(PORT.address()));
        assertThat(routeToService()).contains("dev gwbr");
    }

    @Test
    void whatComesOutOfTheTunnelGoesToThePortEvenWhileTheAddressIsDiverted() throws Exception {
        stateAll();
        site.call(() -> edge.divert(PORT.address()));
        assertThat(site.ip("route get 10.90.0.10 from 10.80.0.2 iif gwvx0")).contains("dev gwbr");
        assertThat(site.ip("route get 10.90.0.10 from 10.80.0.2 iif wan")).contains("dev gwvx0");
    }

    @Test
    void anAddressWithoutATunnelIsNotDiverted() throws Exception {
        site.call(() -> {
            edge.setUpServiceNet();
            edge.attach(PORT, Placement.HERE);
            return true;
        });
        assertThatThrownBy(() -> edge.divert(PORT.address()))
                .isInstanceOfSatisfying(
                        GodwitException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CONFLICT));
        assertThat(routeToService()).contains("dev gwbr");
    }

    @Test
    void aNarrowPathGivesTheDivertedRouteItsMtu() throws Exception {
        stateAll();
        assertThat(site.ip("route show 10.90.0.10/32 metric 100")).doesNotContain("mtu");
        site.ip("link set wan mtu 1400");
        stateAll();
        assertThat(site.ip("route show 10.90.0.10/32 metric 100")).contains("mtu 1350");
        assertThat(site.ip("link show gwvx0")).contains("mtu 1350");
    }

    @Test
    void aTunnelToAnotherPlaceIsReplaced() throws Exception {
        stateAll();
        TunnelSpec moved = new TunnelSpec(
                TUNNEL.device(),
                78,
                TUNNEL.localUnderlay(),
                TUNNEL.remoteUnderlay(),
                TUNNEL.localInner(),
                TUNNEL.remoteInner());
        site.call(() -> {
            edge.prepareTunnel(moved);
            return true;
        });
        assertThat(site.ip("-d link show gwvx0")).contains("vxlan id 78 ");
    }

    @Test
    void aTunnelWhoseEndsHaveChangedPlacesIsReplaced() throws Exception {
        stateAll();
        TunnelSpec back = new TunnelSpec(
                TUNNEL.device(),
                TUNNEL.vni(),
                TUNNEL.localUnderlay(),
                TUNNEL.remoteUnderlay(),
                Ipv4Interface.parse("10.254.0.2/30"),
                TUNNEL.localInner().address());
        site.call(() -> {
            edge.prepareTunnel(back);
            edge.ready(PORT.address(), back);
            return true;
        });
        assertThat(site.ip("link show gwvx0"))
                .contains(
                        "link/ether " + MacAddress.derivedFrom(back.localInner().address()));
        assertThat(site.ip("address show gwvx0")).contains("inet 10.254.0.2/30").doesNotContain("inet 10.254.0.1/30");
        assertThat(site.ip("route show 10.90.0.10/32 metric 100")).contains("via 10.254.0.1 dev gwvx0");
    }

    @Test
    void tearingDownLeavesNothing() throws Exception {
        String before = picture();
        stateAll();
        site.call(() -> {
            edge.tearDown();
            return true;
        });
        assertThat(picture()).isEqualTo(before);
    }

    @Test
    void detachingAndRemovingTheTunnelLeavesTheServiceNetAlone() throws Exception {
        site.call(() -> {
            edge.setUpServiceNet();
            return true;
        });
        String before = picture();
        stateAll();
        site.call(() -> {
            edge.detach(PORT);
            edge.removeTunnel(TUNNEL.device());
            edge.detach(PORT);
            edge.removeTunnel(TUNNEL.device());
            return true;
        });
        site.ip("route flush table 71");
        assertThat(picture()).isEqualTo(before);
    }

    @Test
    void theTapHasALongQueueAndBelongsToTheBridge() throws Exception {
        stateAll();
        assertThat(site.ip("-d link show gwtap0")).contains("qlen 10000", "master gwbr", "tun type tap", "isolated on");
        assertThat(site.call(() -> edge.waitingPackets(PORT))).isZero();
    }

    @Test
    void theRouteToThePeerUsesBbrWhereTheKernelHasIt() throws Exception {
        String available = Files.readString(Path.of("/proc/sys/net/ipv4/tcp_available_congestion_control"));
        boolean pinned = site.call(() -> edge.pinRouteToPeer(Ipv4Address.parse("10.255.0.2")));
        assertThat(pinned).isEqualTo(available.contains("bbr"));
        assertThat(site.call(() -> edge.pinRouteToPeer(Ipv4Address.parse("10.255.0.2"))))
                .isEqualTo(pinned);
        if (pinned) {
            assertThat(site.ip("route show 10.255.0.2/32")).contains("dev wan", "src 10.255.0.1", "congctl bbr");
        }
    }

    @Test
    void anAddressOutsideTheServiceNetIsRefused() {
        ServicePort stranger = new ServicePort(PORT.tap(), Ipv4Address.parse("192.0.2.1"), PORT.mac());
        assertThatThrownBy(() -> edge.attach(stranger, Placement.HERE))
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("192.0.2.1");
    }

    private void stateAll() throws Exception {
        site.call(() -> {
            edge.setUpServiceNet();
            edge.prepareTunnel(TUNNEL);
            edge.attach(PORT, Placement.HERE);
            edge.ready(PORT.address(), TUNNEL);
            return true;
        });
    }

    private String routeToService() throws Exception {
        return site.ip("-o route get 10.90.0.10");
    }

    /** Everything that an edge could have changed, without counters, and without the carrier, which the kernel notices late. */
    private String picture() throws Exception {
        return site.ip("-o link show").replaceAll("<[A-Z_,-]*>|state [A-Z]+", "")
                + site.ip("-o address show")
                + site.ip("route show table all").replace(" linkdown", "")
                + site.ip("rule show")
                + site.ip("neighbour show nud permanent");
    }
}
