package io.godwit.volume.nbd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** An authority of its own with a server's and a client's certificate, in one directory as NBD's programs want it. */
final class TestCertificates {
    private TestCertificates() {}

    static Path make(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path authority = directory.resolve("ca-key.pem");
        openssl(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=authority",
                "-keyout",
                authority.toString(),
                "-out",
                directory.resolve("ca-cert.pem").toString());
        issue(directory, "server", "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n");
        issue(directory, "client", "extendedKeyUsage=clientAuth\n");
        return directory;
    }

    private static void issue(Path directory, String who, String extensions) throws IOException, InterruptedException {
        Path key = directory.resolve(who + "-key.pem");
        Path request = directory.resolve(who + ".csr");
        Path settings = Files.writeString(directory.resolve(who + ".ext"), extensions);
        openssl(
                "req",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=" + who,
                "-keyout",
                key.toString(),
                "-out",
                request.toString());
        openssl(
                "x509",
                "-req",
                "-in",
                request.toString(),
                "-CA",
                directory.resolve("ca-cert.pem").toString(),
                "-CAkey",
                directory.resolve("ca-key.pem").toString(),
                "-CAcreateserial",
                "-days",
                "2",
                "-extfile",
                settings.toString(),
                "-out",
                directory.resolve(who + "-cert.pem").toString());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }

    private static void openssl(String... words) throws IOException, InterruptedException {
        String[] command = new String[words.length + 1];
        command[0] = "openssl";
        System.arraycopy(words, 0, command, 1, words.length);
        Program.succeed(command);
    }
}
