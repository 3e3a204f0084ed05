package io.godwit.link;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;

/** Keys and certificates as text (RFC 7468), so that other people's tools can read them. */
final class Pem {
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";

    private Pem() {}

    static String of(X509Certificate certificate) {
        return text(CERTIFICATE, der(certificate));
    }

    static String of(PrivateKey key) {
        return text(PRIVATE_KEY, key.getEncoded());
    }

    static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateException broken) {
            throw new IllegalStateException("a parsed certificate has no encoding", broken);
        }
    }

    /** The certificate in these bytes, which a peer may have sent. */
    static X509Certificate certificate(byte[] der) {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException malformed) {
            throw new GodwitException(ErrorCode.CORRUPT, "these bytes are not a certificate", malformed);
        }
    }

    static X509Certificate certificate(PemObject block) {
        return certificate(expect(block, CERTIFICATE));
    }

    static PrivateKey privateKey(PemObject block) {
        try {
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(expect(block, PRIVATE_KEY)));
        } catch (GeneralSecurityException malformed) {
            throw new GodwitException(ErrorCode.CORRUPT, "a private key cannot be read", malformed);
        }
    }

    /** Exactly this many blocks, in the order in which they were written. */
    static List<PemObject> blocks(String text, int count) {
        List<PemObject> blocks = new ArrayList<>();
        try (PemReader reader = new PemReader(new StringReader(text))) {
            for (PemObject block = reader.readPemObject(); block != null; block = reader.readPemObject()) {
                blocks.add(block);
            }
        } catch (IOException malformed) {
            throw new GodwitException(ErrorCode.CORRUPT, "a key or certificate is damaged", malformed);
        }
        if (blocks.size() != count) {
            throw new GodwitException(
                    ErrorCode.CORRUPT,
                    "there are %d keys and certificates where %d belong".formatted(blocks.size(), count));
        }
        return List.copyOf(blocks);
    }

    private static byte[] expect(PemObject block, String type) {
        if (!block.getType().equals(type)) {
            throw new GodwitException(
                    ErrorCode.CORRUPT, "a %s stands where a %s belongs".formatted(block.getType(), type));
        }
        return block.getContent();
    }

    private static String text(String type, byte[] content) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, content));
        } catch (IOException impossible) {
            throw new IllegalStateException("writing to memory failed", impossible);
        }
        return text.toString();
    }
}
