package io.godwit.link;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Decides whether the other end's certificates are acceptable. TLS itself proves that the other end holds the first one's key. */
@FunctionalInterface
interface CertificateCheck {
    /**
     * Refuses by throwing.
     *
     * @throws CertificateException with a clause about "it", the other end
     */
    void check(X509Certificate[] chain) throws CertificateException;

    /** Accepts one peer: a certificate that our own authority issued to that name and that key, and that is in date. */
    static CertificateCheck of(Authority own, Peer peer) {
        return chain -> {
            X509Certificate shown = chain[0];
            if (!own.issued(shown)) {
                throw new CertificateException("it shows a certificate that this site did not issue to it");
            }
            if (!CommonName.siteOf(shown).equals(peer.name())
                    || !shown.getPublicKey().equals(peer.key())) {
                throw new CertificateException(
                        "it shows a certificate of another site, not of '%s'".formatted(peer.name()));
            }
            shown.checkValidity();
        };
    }

    default X509ExtendedTrustManager asTrustManager() {
        return new X509ExtendedTrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
                check(chain);
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
                check(chain);
            }

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                    throws CertificateException {
                check(chain);
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                    throws CertificateException {
                check(chain);
            }

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                    throws CertificateException {
                check(chain);
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                    throws CertificateException {
                check(chain);
            }

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
    }
}
