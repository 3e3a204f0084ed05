package io.godwit.link;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/** SHA-256 of a certificate, as people compare it: pairs of hexadecimal digits. */
public record Fingerprint(String value) {
    static final int BYTES = 32;

    static Fingerprint of(X509Certificate certificate) {
        return of(sha256(Pem.der(certificate)));
    }

    static Fingerprint of(byte[] digest) {
        return new Fingerprint(HexFormat.ofDelimiter(":").formatHex(digest));
    }

    byte[] bytes() {
        return HexFormat.ofDelimiter(":").parseHex(value);
    }

    static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this JDK has no SHA-256", missing);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
