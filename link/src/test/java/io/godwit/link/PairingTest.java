package io.godwit.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairingTest {
    private static final Duration VALID = Duration.ofMinutes(1);

    @TempDir
    Path directory = Path.of("");

    private final Sites.Echo echo = new Sites.Echo();
    private SiteIdentity east;
    private SiteIdentity west;
    private LinkServer server;

    @BeforeEach
    void start() throws IOException {
        east = Sites.create(directory, Sites.EAST);
        west = Sites.create(directory, Sites.WEST);
        server = Sites.serve(east, echo);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void twoSitesKnowEachOtherAfterwardsAndAfterARestart() throws IOException {
        PairingToken token = PairingToken.parse(east.openPairing(VALID).text() + "\n");
        Peer joined = west.join(Sites.address(server), token, PeerAddress.parse("192.0.2.9:7443"));
        assertThat(joined.name()).isEqualTo(Sites.EAST);
        assertThat(joined.fingerprint()).isEqualTo(east.fingerprint());

        SiteIdentity eastAgain = SiteIdentity.load(directory.resolve("east"));
        SiteIdentity westAgain = SiteIdentity.load(directory.resolve("west"));
        assertThat(westAgain.peers().require(Sites.EAST).address()).isEqualTo(Sites.address(server));
        Peer known = eastAgain.peers().require(Sites.WEST);
        assertThat(known.fingerprint()).isEqualTo(west.fingerprint());
        assertThat(known.address()).hasToString("192.0.2.9:7443");
    }

    @Test
    void aTokenServesOnce() throws Exception {
        PairingToken token = east.openPairing(VALID);
        west.join(Sites.address(server), token, Sites.NOWHERE);
        SiteIdentity north = Sites.create(directory, new SiteName("north"));
        assertThatThrownBy(() -> north.join(Sites.address(server), token, Sites.NOWHERE))
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("site 'east' refused")
                .hasMessageContaining("token is not valid");
        assertThat(echo.nextRefusal()).contains("token is not valid");
        assertThat(east.peers().find(north.name())).isEmpty();
        assertThat(north.peers().all()).isEmpty();
    }

    @Test
    void aTokenExpires() {
        PairingToken token = east.openPairing(Duration.ofNanos(1));
        assertThatThrownBy(() -> west.join(Sites.address(server), token, Sites.NOWHERE))
                .hasMessageContaining("token is not valid");
        assertThat(east.peers().all()).isEmpty();
    }

    @Test
    void aNewTokenOrAClosedPairingVoidsTheOldOne() {
        PairingToken first = east.openPairing(VALID);
        PairingToken second = east.openPairing(VALID);
        assertThatThrownBy(() -> west.join(Sites.address(server), first, Sites.NOWHERE))
                .hasMessageContaining("token is not valid");
        east.closePairing();
        assertThatThrownBy(() -> west.join(Sites.address(server), second, Sites.NOWHERE))
                .hasMessageContaining("token is not valid");
    }

    @Test
    void theSecretIsNotShownToASiteWithAnotherFingerprint() throws Exception {
        SiteIdentity impostor = SiteIdentity.create(directory.resolve("impostor"), Sites.EAST);
        Sites.Echo fooled = new Sites.Echo();
        PairingToken token = east.openPairing(VALID);
        try (LinkServer trap = Sites.serve(impostor, fooled)) {
            assertThatThrownBy(() -> west.join(Sites.address(trap), token, Sites.NOWHERE))
                    .hasMessageContaining("not the site that made the token")
                    .hasMessageContaining(impostor.fingerprint().value());
            assertThat(fooled.nextRefusal())
                    .containsAnyOf("refused this site's certificate", "ended the connection before it was introduced");
        }
        west.join(Sites.address(server), token, Sites.NOWHERE);
        assertThat(east.peers().find(Sites.WEST)).isPresent();
    }

    @Test
    void aSiteCannotTakeThePlaceOfAPeer() throws IOException {
        Sites.pair(east, server, west);
        SiteIdentity second = SiteIdentity.create(directory.resolve("second"), Sites.WEST);
        assertThatThrownBy(() -> Sites.pair(east, server, second)).hasMessageContaining("pair forget");
        assertThat(east.peers().require(Sites.WEST).fingerprint()).isEqualTo(west.fingerprint());

        east.peers().forget(Sites.WEST);
        Sites.pair(east, server, second);
        assertThat(east.peers().require(Sites.WEST).fingerprint()).isEqualTo(second.fingerprint());
    }

    @Test
    void theSameSiteMayPairAgain() throws IOException {
        Sites.pair(east, server, west);
        Sites.pair(east, server, west);
        assertThat(east.peers().all()).hasSize(1);
        assertThat(west.peers().all()).hasSize(1);
    }

    @Test
    void aPairNeedsTwoNames() throws IOException {
        SiteIdentity twin = SiteIdentity.create(directory.resolve("twin"), Sites.EAST);
        assertThatThrownBy(() -> Sites.pair(east, server, twin)).hasMessageContaining("both sites are called 'east'");
    }

    @Test
    void aPeerMayMove() throws IOException {
        Sites.pair(east, server, west);
        east.peers().readdress(Sites.WEST, PeerAddress.parse("[2001:db8::1]:7443"));
        SiteIdentity again = SiteIdentity.load(directory.resolve("east"));
        assertThat(again.peers().require(Sites.WEST).address()).isEqualTo(new PeerAddress("2001:db8::1", 7443));
    }

    @Test
    void keysAreForTheirOwnerAlone() throws IOException {
        Sites.pair(east, server, west);
        try (Stream<Path> all = Files.walk(directory.resolve("east"))) {
            for (Path path : all.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .as("mode of %s", path)
                        .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
            }
        }
        Path keys = directory.resolve("east/identity.pem");
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> SiteIdentity.load(directory.resolve("east")))
                .hasMessageContaining("others may read the private keys");
    }

    @Test
    void anIdentityIsMadeOnce() {
        assertThatThrownBy(() -> Sites.create(directory, Sites.EAST)).hasMessageContaining("holds the keys of a site");
        assertThatThrownBy(() -> SiteIdentity.load(directory.resolve("nowhere")))
                .hasMessageContaining("holds no keys of a site");
    }

    @Test
    void aTokenDoesNotGiveItselfAway() {
        PairingToken token = east.openPairing(VALID);
        String text = token.text();
        assertThat(token.toString())
                .doesNotContain(text.substring(5, 30))
                .contains(east.fingerprint().value());
        char[] slip = text.toCharArray();
        slip[20] = slip[20] == 'A' ? 'B' : 'A';
        assertThatThrownBy(() -> PairingToken.parse(new String(slip)))
                .hasMessageContaining("not a whole pairing token")
                .hasMessageNotContaining(text.substring(30, 60));
        assertThatThrownBy(() -> PairingToken.parse(text.substring(0, 40)))
                .hasMessageContaining("not a whole pairing token");
    }
}
