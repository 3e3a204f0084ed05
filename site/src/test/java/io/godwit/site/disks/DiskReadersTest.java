package io.godwit.site.disks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.link.PeerAddress;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.GroupStore;
import io.godwit.volume.Role;
import io.godwit.volume.StoreLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks over the network, as libnbd sees them. */
class DiskReadersTest {
    private static final GroupName GROUP = new GroupName("shop");
    private static final StoreLimits LIMITS = new StoreLimits(
            ByteCount.ofMiB(32), ByteCount.ofMiB(4), ByteCount.ofMiB(4), Duration.ofMillis(20), Duration.ofSeconds(20));

    private record Outcome(int exit, String said) {}

    @TempDir
    Path directory = Path.of("");

    private static Outcome run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Outcome(process.waitFor(), said);
    }

    /** One certificate is authority, server and client. */
    private Path certificates() throws IOException, InterruptedException {
        Path key = directory.resolve("server-key.pem");
        Path certificate = directory.resolve("server-cert.pem");
        String curve = "ec_paramgen_curve:P-256";
        assertThat(run(
                                "openssl",
                                "req",
                                "-x509",
                                "-newkey",
                                "ec",
                                "-pkeyopt",
                                curve,
                                "-nodes",
                                "-subj",
                                "/CN=all",
                                "-addext",
                                "subjectAltName=IP:127.0.0.1",
                                "-keyout",
                                key.toString(),
                                "-out",
                                certificate.toString())
                        .exit)
                .isZero();
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.copy(key, directory.resolve("client-key.pem"));
        Files.copy(certificate, directory.resolve("client-cert.pem"));
        Files.copy(certificate, directory.resolve("ca-cert.pem"));
        return directory;
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    @Test
    void aGroupsDisksCanBeReadWhileItRunsHere() throws Exception {
        Path home = Files.createDirectory(directory.resolve("store"));
        DiskSpec disk = new DiskSpec(new DiskName("root"), ByteCount.ofMiB(1), home.resolve("root.img"));
        PeerAddress address = new PeerAddress("127.0.0.1", freePort());
        String uri = "nbds://%s/%%s?tls-certificates=%s".formatted(address, certificates());
        try (GroupStore store =
                        GroupStore.create(home, List.of(disk), Role.PRIMARY, Term.FIRST, Position.START, LIMITS);
                DiskReaders readers = DiskReaders.on(address, directory)) {
            readers.offer(GROUP, store);
            assertThat(run("nbdinfo", "--list", uri.formatted("")).said).contains("export=\"shop/root\"");
            assertThat(run("nbdinfo", uri.formatted("shop/root")).said).contains("is_read_only: true");
            readers.withdraw(GROUP, store);
            assertThat(run("nbdinfo", uri.formatted("shop/root")).exit).isNotZero();
        }
    }
}
