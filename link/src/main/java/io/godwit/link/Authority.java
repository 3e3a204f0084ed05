package io.godwit.link;

import io.godwit.core.SiteName;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A site's power to say who may connect to it: a P-256 key and its self-signed certificate. */
record Authority(PrivateKey key, X509Certificate certificate) {
    /** Certificates are renewed by pairing again; ten years spare an operator who forgets. */
    private static final Duration VALIDITY = Duration.ofDays(3_650);

    /** The clocks of two sites may differ by this much without a fresh certificate being refused. */
    private static final Duration CLOCK_MARGIN = Duration.ofDays(1);

    private static final int SERIAL_BITS = 120;
    private static final SecureRandom RANDOM = new SecureRandom();

    static Authority create(SiteName site) {
        KeyPair keys = newKeys();
        X509Certificate certificate = certificate(CommonName.ofAuthority(site), site, keys.getPublic(), keys, true);
        return new Authority(keys.getPrivate(), certificate);
    }

    static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK cannot make P-256 keys", missing);
        }
    }

    /** Certifies that this key belongs to this site, as far as the issuing site is concerned. */
    X509Certificate issue(SiteName subject, PublicKey subjectKey) {
        SiteName self = CommonName.authorityOf(certificate);
        KeyPair signer = new KeyPair(certificate.getPublicKey(), key);
        return certificate(CommonName.ofSite(subject), self, subjectKey, signer, false);
    }

    /** Whether this authority signed that certificate. */
    boolean issued(X509Certificate candidate) {
        return signed(certificate, candidate);
    }

    static boolean signed(X509Certificate issuer, X509Certificate candidate) {
        try {
            candidate.verify(issuer.getPublicKey());
            return candidate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
        } catch (GeneralSecurityException notSigned) {
            return false;
        }
    }

    private static X509Certificate certificate(
            CommonName subject, SiteName issuer, PublicKey subjectKey, KeyPair signer, boolean authority) {
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                CommonName.ofAuthority(issuer).name(),
                new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS),
                Date.from(now.minus(CLOCK_MARGIN)),
                Date.from(now.plus(VALIDITY)),
                subject.name(),
                subjectKey);
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            int usage = authority ? KeyUsage.keyCertSign : KeyUsage.digitalSignature;
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
            if (!authority) {
                KeyPurposeId[] purposes = {KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth};
                builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purposes));
            }
            return Pem.certificate(
                    builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate()))
                            .getEncoded());
        } catch (IOException | OperatorCreationException impossible) {
            throw new IllegalStateException("a certificate for " + subject + " cannot be made", impossible);
        }
    }
}
