package io.godwit.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever may not connect is told why, and so is the site that it called. */
class RefusalTest {
    private static final Optional<GroupName> NO_GROUP = Optional.empty();

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
        Sites.pair(east, server, west);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void aSiteThatWasForgottenIsRefused() throws Exception {
        east.peers().forget(Sites.WEST);
        assertRefused(west, Sites.EAST, ErrorCode.DENIED, "does not know this site");
        assertThat(echo.nextRefusal()).contains("'west', which is not paired");
    }

    @Test
    void aSiteThatWeNeverPairedWithIsNotCalled() {
        assertRefused(west, new SiteName("north"), ErrorCode.NOT_FOUND, "no site called 'north' is paired");
    }

    @Test
    void anotherSiteAtThePeersAddressIsNotedByBoth() throws Exception {
        SiteIdentity north = Sites.create(directory, new SiteName("north"));
        Sites.Echo northern = new Sites.Echo();
        try (LinkServer other = Sites.serve(north, northern)) {
            west.peers().readdress(Sites.EAST, Sites.address(other));
            assertRefused(west, Sites.EAST, ErrorCode.DENIED, "does not know this site");
            assertThat(northern.nextRefusal()).contains("looked for site 'east', but this is 'north'");
        }
    }

    @Test
    void aCallerWithTheRightNameAndTheWrongKeyIsRefused() throws Exception {
        SiteIdentity forger = SiteIdentity.create(directory.resolve("forger"), Sites.WEST);
        SiteIdentity forgedEast = SiteIdentity.create(directory.resolve("forged-east"), Sites.EAST);
        try (LinkServer forged = Sites.serve(forgedEast, new Sites.Echo())) {
            Sites.pair(forgedEast, forged, forger);
        }
        forger.peers().readdress(Sites.EAST, Sites.address(server));
        assertRefused(forger, Sites.EAST, ErrorCode.DENIED, "did not issue");
        // Why it hangs up may be overtaken by the reset that its hanging up causes.
        assertThat(echo.nextRefusal())
                .containsAnyOf("refused this site's certificate", "ended the connection before it was introduced");
    }

    @Test
    void aCallerWhoseCertificateWeDidNotIssueIsRefusedByUsToo() throws Exception {
        Peer known = west.peers().require(Sites.EAST);
        SiteIdentity forger = SiteIdentity.create(directory.resolve("forger"), Sites.WEST);
        GodwitException failure = callAs(forger.ownCredentials(), known);
        assertThat(failure.sentence()).contains("refused this site's certificate");
        assertThat(echo.nextRefusal()).contains("certificate that this site did not issue");
    }

    @Test
    void aPeerCannotPassForAnother() throws Exception {
        SiteIdentity north = Sites.create(directory, new SiteName("north"));
        Sites.pair(east, server, north);
        Peer eastForNorth = north.peers().require(Sites.EAST);
        Peer eastForWest = west.peers().require(Sites.EAST);
        GodwitException failure = callAs(north.credentials(eastForNorth.issuedToUs()), eastForWest);
        assertThat(failure.sentence()).contains("refused this site's certificate");
        assertThat(echo.nextRefusal()).contains("certificate of another site, not of 'west'");
    }

    @Test
    void aServerThatLostItsKeysIsRefused() throws Exception {
        SiteIdentity fresh = SiteIdentity.create(directory.resolve("fresh"), Sites.EAST);
        Files.copy(
                directory.resolve("east/peers/west.json"),
                directory.resolve("fresh/peers/west.json"),
                StandardCopyOption.REPLACE_EXISTING);
        Sites.Echo freshEcho = new Sites.Echo();
        try (LinkServer other = Sites.serve(SiteIdentity.load(directory.resolve("fresh")), freshEcho)) {
            west.peers().readdress(Sites.EAST, Sites.address(other));
            assertThatThrownBy(() -> new Link(west, Sites.EAST).open(ChannelKind.CONTROL, NO_GROUP))
                    .isInstanceOf(GodwitException.class);
            assertThat(freshEcho.nextRefusal()).isNotEqualTo("nobody was refused");
            assertThat(freshEcho.channels).isEmpty();
        }
        assertThat(fresh.name()).isEqualTo(Sites.EAST);
    }

    @Test
    void anotherVersionIsRefusedInWords() throws Exception {
        Peer known = west.peers().require(Sites.EAST);
        Verdict verdict = dial(known, west.credentials(known.issuedToUs()), socket -> {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(Hello.MAGIC);
            out.writeShort(7);
            out.write("whatever version seven says".getBytes(StandardCharsets.UTF_8));
            return Verdict.read(new DataInputStream(socket.getInputStream()));
        });
        assertThat(verdict.version()).isEqualTo(Hello.VERSION);
        assertThatThrownBy(() -> verdict.require("site 'east'"))
                .hasMessageContaining("site 'east' refused: this site speaks version 1")
                .hasMessageContaining("the other version 7")
                .extracting(thrown -> ((GodwitException) thrown).code())
                .isEqualTo(ErrorCode.UNSUPPORTED);
        assertThat(echo.nextRefusal()).contains("site 'west' was refused", "version 7");
    }

    @Test
    void theHandlersReasonReachesTheCaller() throws Exception {
        assertThatThrownBy(() -> new Link(west, Sites.EAST).open(ChannelKind.MEMORY, NO_GROUP))
                .hasMessage("site 'east' refused: memory of which group?");
        assertThat(echo.nextRefusal()).contains("memory of which group?");
    }

    @Test
    void aChannelTooManyIsRefused() throws Exception {
        LinkLimits one = new LinkLimits(Duration.ofSeconds(5), Duration.ofSeconds(5), 4, 1);
        try (LinkServer small = Sites.serve(east, new Sites.Echo(), one)) {
            west.peers().readdress(Sites.EAST, Sites.address(small));
            Link link = new Link(west, Sites.EAST);
            try (PeerChannel first = link.open(ChannelKind.CONTROL, NO_GROUP)) {
                first.output().write(1);
                first.output().flush();
                assertThat(first.input().read()).isEqualTo(1);
                assertThatThrownBy(() -> link.open(ChannelKind.CONTROL, NO_GROUP))
                        .hasMessageContaining("has 1 channels open");
            }
        }
    }

    @Test
    void strangersCannotOccupyTheServerForLong() throws Exception {
        LinkLimits tight = new LinkLimits(Duration.ofSeconds(5), Duration.ofMillis(400), 2, 8);
        Sites.Echo tightEcho = new Sites.Echo();
        try (LinkServer small = Sites.serve(east, tightEcho, tight)) {
            List<Socket> idlers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Socket idler = new Socket();
                idler.connect(small.address());
                idlers.add(idler);
            }
            assertThat(tightEcho.nextRefusal()).contains("too many connections");
            assertThat(tightEcho.nextRefusal()).contains("did not introduce itself within 400 ms");
            assertThat(tightEcho.nextRefusal()).contains("did not introduce itself within 400 ms");
            for (Socket idler : idlers) {
                idler.close();
            }
        }
    }

    @Test
    void whatIsNoGodwitSiteIsCalledSo() throws Exception {
        try (Socket stray =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
            stray.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(echo.nextRefusal()).contains("does not speak TLS");
        }
        try (ServerSocket closed = new ServerSocket(0)) {
            west.peers().readdress(Sites.EAST, new PeerAddress("127.0.0.1", closed.getLocalPort()));
        }
        assertRefused(west, Sites.EAST, ErrorCode.UNREACHABLE, "cannot be reached");
    }

    @Test
    void aPortInUseIsSaidPlainly() {
        assertThatThrownBy(() -> new LinkServer(east, server.address(), echo)).hasMessageContaining("cannot listen at");
    }

    private static void assertRefused(SiteIdentity caller, SiteName called, ErrorCode code, String sentence) {
        assertThatThrownBy(() -> new Link(caller, called).open(ChannelKind.CONTROL, NO_GROUP))
                .isInstanceOfSatisfying(GodwitException.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo(code);
                    assertThat(refusal.sentence()).contains(sentence);
                });
    }

    /** Calls 'east' as 'west' with credentials that are not west's, without looking at what east shows. */
    private GodwitException callAs(Credentials credentials, Peer called) {
        try {
            Verdict verdict = dial(called, credentials, socket -> {
                new Hello(ChannelKind.CONTROL, NO_GROUP).write(new DataOutputStream(socket.getOutputStream()));
                return Verdict.read(new DataInputStream(socket.getInputStream()));
            });
            throw new AssertionError("was let in: " + verdict);
        } catch (GodwitException refusal) {
            return refusal;
        }
    }

    private Verdict dial(Peer called, Credentials credentials, Dialled.Exchange<Verdict> exchange) {
        String name = new CallName(Sites.WEST, Sites.EAST).host();
        return new Dialled("east", called.address(), LinkLimits.DEFAULT)
                .talk(raw -> tls(raw, name, credentials), exchange);
    }

    private static SSLSocket tls(CountedSocket raw, String name, Credentials credentials) throws IOException {
        return Tls.client(raw, name, credentials, chain -> assertThat(chain).isNotEmpty());
    }
}
