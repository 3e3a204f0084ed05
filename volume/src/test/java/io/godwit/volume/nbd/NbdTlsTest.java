package io.godwit.volume.nbd;

import static io.godwit.volume.StoreFixture.ROOT;
import static io.godwit.volume.StoreFixture.random;
import static io.godwit.volume.StoreFixture.read;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.volume.DurabilityRule;
import io.godwit.volume.GroupStore;
import io.godwit.volume.StoreFixture;
import io.godwit.volume.nbd.NbdClient.OptionReply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NBD over TCP: TLS with certificates on both ends, or nothing. */
class NbdTlsTest {
    @TempDir
    Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private GroupStore store;

    @SuppressWarnings("NullAway.Init")
    private NbdServer server;

    private Path trusted = Path.of("");
    private int port;

    @BeforeEach
    void start() throws Exception {
        trusted = TestCertificates.make(directory.resolve("pki"));
        store = StoreFixture.primary(directory.resolve("store"));
        server = NbdServer.overTls(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new NbdTls(trusted),
                List.of(new NbdExport("root", store.disk(ROOT), DurabilityRule.local(store))));
        port = server.address().orElseThrow().getPort();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        store.close();
    }

    private String uri(Path certificates) {
        return "nbds://127.0.0.1:%d/root?tls-certificates=%s".formatted(port, certificates);
    }

    private NbdClient plain() throws IOException {
        return NbdClient.greeted(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    @Test
    void libnbdAndQemuUseADiskOverTls() throws Exception {
        assertThat(Program.succeed("nbdinfo", uri(trusted)))
                .contains("newstyle-fixed with TLS", "can_multi_conn: true");
        store.disk(ROOT).write(12_345, random(3, 5 << 20));
        Path copy = directory.resolve("copy");
        Program.succeed("nbdcopy", "--connections=4", uri(trusted), copy.toString());
        int size = Math.toIntExact(Files.size(copy));
        assertThat(Files.readAllBytes(copy)).isEqualTo(read(store.disk(ROOT), 0, size));
        String device =
                "driver=nbd,host=127.0.0.1,port=%d,export=root,tls-creds=tls,tls-hostname=localhost".formatted(port);
        String said = Program.succeed(
                "qemu-io",
                "--object",
                "tls-creds-x509,id=tls,endpoint=client,dir=" + trusted,
                "--image-opts",
                device,
                "-c",
                "write -f -P 0x5a 1M 3M",
                "-c",
                "read -P 0x5a 1M 3M");
        assertThat(said).doesNotContainIgnoringCase("fail").doesNotContain("error");
        assertThat(read(store.disk(ROOT), 1 << 20, 3 << 20)).containsOnly(0x5a);
    }

    @Test
    void withoutTlsNothingIsSaidAboutExports() throws Exception {
        try (NbdClient client = plain()) {
            for (int option : new int[] {
                NbdProtocol.OPT_LIST,
                NbdProtocol.OPT_INFO,
                NbdProtocol.OPT_GO,
                NbdProtocol.OPT_STRUCTURED_REPLY,
                NbdProtocol.OPT_EXTENDED_HEADERS,
                77
            }) {
                client.option(option, NbdClient.goTo("root"));
                OptionReply reply = client.optionReply();
                assertThat(reply.type()).isEqualTo(NbdProtocol.REP_ERR_TLS_REQD);
                assertThat(UTF_8.decode(reply.data()).toString()).contains("TLS");
            }
            assertThat(client.ask(NbdProtocol.OPT_STARTTLS, (byte) 1)).isEqualTo(NbdProtocol.REP_ERR_INVALID);
            client.option(NbdProtocol.OPT_EXPORT_NAME, "root".getBytes(UTF_8));
            assertThat(client.ended()).isTrue();
        }
        try (NbdClient client = plain()) {
            assertThat(client.ask(NbdProtocol.OPT_ABORT)).isEqualTo(NbdProtocol.REP_ACK);
            assertThat(client.ended()).isTrue();
        }
        assertThat(Program.run("nbdinfo", "nbd://127.0.0.1:%d/root".formatted(port))
                        .exit())
                .isNotZero();
    }

    /** Somebody on the path could have put it there, to be taken for the client's own words behind TLS. */
    @Test
    void whatIsSentTogetherWithStartTlsEndsTheConnection() throws Exception {
        try (NbdClient client = plain()) {
            client.together(
                    NbdClient.optionBytes(NbdProtocol.OPT_STARTTLS),
                    NbdClient.optionBytes(NbdProtocol.OPT_STRUCTURED_REPLY));
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void aClientWithoutOurCertificateIsSentAway() throws Exception {
        Path strangers = TestCertificates.make(directory.resolve("strangers"));
        Path nobody = Files.createDirectory(directory.resolve("nobody"));
        Files.copy(trusted.resolve("ca-cert.pem"), nobody.resolve("ca-cert.pem"));
        assertThat(Program.run("nbdinfo", uri(strangers)).exit()).isNotZero();
        assertThat(Program.run("nbdinfo", uri(nobody)).exit()).isNotZero();
        Program.succeed("nbdinfo", uri(trusted));
    }

    @Test
    void aKeyThatOthersMayReadIsRefused() throws Exception {
        Files.setPosixFilePermissions(trusted.resolve("server-key.pem"), PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> new NbdTls(trusted)).isInstanceOfSatisfying(GodwitException.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.DENIED);
            assertThat(refused.sentence()).contains("chmod 600");
        });
    }

    @Test
    void damagedOrMissingFilesAreNamed() throws Exception {
        Files.writeString(trusted.resolve("ca-cert.pem"), "nonsense");
        assertThatThrownBy(() -> new NbdTls(trusted)).isInstanceOf(GodwitException.class);
        Files.delete(trusted.resolve("ca-cert.pem"));
        assertThatThrownBy(() -> new NbdTls(trusted)).hasMessageContaining("ca-cert.pem");
        Files.writeString(trusted.resolve("server-key.pem"), "-----BEGIN EC PRIVATE KEY-----\n");
        assertThatThrownBy(() -> new NbdTls(trusted)).hasMessageContaining("pkcs8");
    }

    @Test
    void aPortThatIsTakenIsRefused() {
        assertThatThrownBy(() -> NbdServer.overTls(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), new NbdTls(trusted), List.of()))
                .isInstanceOfSatisfying(
                        GodwitException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CONFLICT));
    }

    @Test
    void theSocketOfTheHostNeedsNoTls() throws Exception {
        Path socket = directory.resolve("nbd.sock");
        try (NbdServer local = new NbdServer(socket, List.of());
                NbdClient client = NbdClient.greeted(socket)) {
            client.option(NbdProtocol.OPT_STARTTLS);
            assertThat(client.optionReply().type()).isEqualTo(NbdProtocol.REP_ERR_POLICY);
            assertThat(local.address()).isEmpty();
        }
    }
}
