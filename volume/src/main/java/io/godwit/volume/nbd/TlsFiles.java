package io.godwit.volume.nbd;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/**
 * The directory with a server's key and certificates, laid out and named as for {@code qemu-nbd} and {@code nbdkit}: {@code
 * ca-cert.pem}, {@code server-cert.pem}, {@code server-key.pem}.
 */
record TlsFiles(Path directory) {
    static final char[] NO_PASSWORD = {};
    private static final String AUTHORITY = "ca-cert.pem";
    private static final String CERTIFICATE = "server-cert.pem";
    private static final String KEY = "server-key.pem";
    private static final String KEY_BEGINS = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_ENDS = "-----END PRIVATE KEY-----";
    private static final int MAX_FILE_BYTES = 1 << 20;

    /** The authorities whose clients are let in. */
    KeyStore authority() throws GeneralSecurityException {
        KeyStore store = emptyStore();
        for (Certificate certificate : certificates(AUTHORITY)) {
            store.setCertificateEntry("authority-" + store.size(), certificate);
        }
        return store;
    }

    /** The server's key with the certificates that speak for it. */
    KeyStore key() throws GeneralSecurityException {
        Certificate[] chain = certificates(CERTIFICATE).toArray(Certificate[]::new);
        KeyStore store = emptyStore();
        store.setKeyEntry("server", privateKey(chain[0].getPublicKey()), NO_PASSWORD, chain);
        return store;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, NO_PASSWORD);
        } catch (IOException impossible) {
            throw new IllegalStateException("nothing was read", impossible);
        }
        return store;
    }

    private Collection<? extends Certificate> certificates(String name) throws GeneralSecurityException {
        var found = CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(read(name)));
        if (found.isEmpty()) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "there is no certificate in " + directory.resolve(name));
        }
        return found;
    }

    private PrivateKey privateKey(PublicKey counterpart) throws GeneralSecurityException {
        requireSecret();
        String text = new String(read(KEY), US_ASCII);
        int begin = text.indexOf(KEY_BEGINS);
        int end = text.indexOf(KEY_ENDS);
        if (begin < 0 || end < begin) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "%s holds no unencrypted PKCS#8 key ('BEGIN PRIVATE KEY'): openssl pkcs8 -topk8 -nocrypt makes one"
                            .formatted(directory.resolve(KEY)));
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(text.substring(begin + KEY_BEGINS.length(), end));
            return KeyFactory.getInstance(counterpart.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (IllegalArgumentException damaged) {
            throw new GeneralSecurityException(KEY + " is damaged", damaged);
        }
    }

    private void requireSecret() {
        Path key = directory.resolve(KEY);
        try {
            Set<PosixFilePermission> others = EnumSet.copyOf(Files.getPosixFilePermissions(key));
            others.removeAll(PosixFilePermissions.fromString("rwx------"));
            if (!others.isEmpty()) {
                throw new GodwitException(
                        ErrorCode.DENIED,
                        "others may read the private key in %s: run chmod 600 on it, and if anyone did, make a new one"
                                .formatted(key));
            }
        } catch (IOException unreadable) {
            throw unreadable(key, unreadable);
        }
    }

    private byte[] read(String name) {
        Path file = directory.resolve(name);
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new GodwitException(ErrorCode.BAD_INPUT, file + " is too large to be a key or certificate");
            }
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw unreadable(file, unreadable);
        }
    }

    private static GodwitException unreadable(Path file, IOException why) {
        return why instanceof NoSuchFileException
                ? new GodwitException(ErrorCode.NOT_FOUND, "there is no file " + file, why)
                : new GodwitException(
                        ErrorCode.BAD_INPUT, "%s cannot be read: %s".formatted(file, why.getMessage()), why);
    }
}
