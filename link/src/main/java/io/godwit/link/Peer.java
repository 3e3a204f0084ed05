package io.godwit.link;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import java.security.PublicKey;
import java.security.cert.X509Certificate;

/**
 * A site that this one was paired with.
 *
 * @param name who it is
 * @param address where it listens
 * @param authority its own authority, pinned: it issued what we show to it
 * @param issuedToPeer what our authority issued to it; it shows this to us
 * @param issuedToUs what its authority issued to us; we show this to it
 */
public record Peer(
        SiteName name,
        PeerAddress address,
        X509Certificate authority,
        X509Certificate issuedToPeer,
        X509Certificate issuedToUs) {
    public Peer {
        if (!CommonName.siteOf(issuedToPeer).equals(name)
                || !CommonName.authorityOf(authority).equals(name)) {
            throw new GodwitException(ErrorCode.CORRUPT, "the certificates of peer '%s' name another".formatted(name));
        }
        if (!Authority.signed(authority, issuedToUs)) {
            throw new GodwitException(
                    ErrorCode.CORRUPT, "the certificate to show to '%s' was not issued by it".formatted(name));
        }
    }

    public Peer at(PeerAddress newAddress) {
        return new Peer(name, newAddress, authority, issuedToPeer, issuedToUs);
    }

    public Fingerprint fingerprint() {
        return Fingerprint.of(authority);
    }

    PublicKey key() {
        return issuedToPeer.getPublicKey();
    }
}
