package io.godwit.link;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/** A site during pairing: it has shown its key, vouched for by an authority of its own, which may or may not be the right one. */
record Stranger(SiteName name, PublicKey key, X509Certificate authority) {

    /** The site at the other end of a connection whose handshake is complete. */
    static Stranger at(SSLSocket socket) throws SSLPeerUnverifiedException {
        X509Certificate[] chain =
                List.of(socket.getSession().getPeerCertificates()).toArray(X509Certificate[]::new);
        try {
            return of(chain);
        } catch (CertificateException unexpected) {
            throw new IllegalStateException("TLS accepted a chain that is refused now", unexpected);
        }
    }

    /** Reads a chain of two: a site's certificate and the self-signed one of its own authority. */
    static Stranger of(X509Certificate[] chain) throws CertificateException {
        if (chain.length != 2) {
            throw new CertificateException("it did not show its certificate and its authority's");
        }
        X509Certificate authority = chain[1];
        if (!Authority.signed(authority, authority) || !Authority.signed(authority, chain[0])) {
            throw new CertificateException("its certificate was not issued by the authority that it shows");
        }
        try {
            SiteName name = CommonName.siteOf(chain[0]);
            if (!CommonName.authorityOf(authority).equals(name)) {
                throw new CertificateException("its certificate and its authority name different sites");
            }
            return new Stranger(name, chain[0].getPublicKey(), authority);
        } catch (GodwitException unnamed) {
            throw new CertificateException(unnamed.sentence(), unnamed);
        }
    }

    /** Checks that this stranger really issued that certificate to us, so that it will recognize us later. */
    void requireIssuedTo(SiteIdentity self, X509Certificate received) {
        boolean ours = Authority.signed(authority, received)
                && received.getPublicKey().equals(self.certificate().getPublicKey())
                && CommonName.siteOf(received).equals(self.name());
        if (!ours) {
            throw new GodwitException(
                    ErrorCode.DENIED,
                    "site '%s' sent a certificate that is not one from it for '%s'".formatted(name, self.name()));
        }
    }
}
