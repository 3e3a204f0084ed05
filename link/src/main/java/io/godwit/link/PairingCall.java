package io.godwit.link;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLSocket;

/**
 * The joining side of a pairing. The token's secret is sent only after TLS has shown that the other end holds the key
 * of the authority whose fingerprint is in the token.
 */
final class PairingCall {
    private final SiteIdentity identity;
    private final PeerAddress remote;
    private final PairingToken token;

    PairingCall(SiteIdentity identity, PeerAddress remote, PairingToken token) {
        this.identity = identity;
        this.remote = remote;
        this.token = token;
    }

    Peer join(PeerAddress ownAddress) throws IOException {
        Dialled dialled = new Dialled("the site at " + remote, remote, LinkLimits.DEFAULT);
        return dialled.talk(
                raw -> Tls.client(raw, CallName.PAIRING, identity.ownCredentials(), this::requireFingerprint),
                socket -> exchange(socket, ownAddress));
    }

    private void requireFingerprint(X509Certificate[] chain) throws CertificateException {
        Stranger found = Stranger.of(chain);
        if (!Fingerprint.of(found.authority()).equals(token.fingerprint())) {
            throw new CertificateException(
                    "it is not the site that made the token (its fingerprint is %s); the token was not sent"
                            .formatted(Fingerprint.of(found.authority())));
        }
    }

    private Peer exchange(SSLSocket socket, PeerAddress ownAddress) throws IOException {
        Stranger opener = Stranger.at(socket);
        if (opener.name().equals(identity.name())) {
            throw new GodwitException(
                    ErrorCode.CONFLICT, "both sites are called '%s': a pair needs two names".formatted(opener.name()));
        }
        X509Certificate issued = identity.authority().issue(opener.name(), opener.key());
        new PairingRequest(token.secret(), ownAddress.toString(), Pem.der(issued))
                .write(new DataOutputStream(socket.getOutputStream()));
        DataInputStream in = new DataInputStream(socket.getInputStream());
        Verdict.read(in).require("site '%s'".formatted(opener.name()));
        X509Certificate received = Pem.certificate(BoundedText.readBytes(in, PairingRequest.MAX_CERTIFICATE_BYTES));
        opener.requireIssuedTo(identity, received);
        Peer peer = new Peer(opener.name(), remote, opener.authority(), issued, received);
        identity.peers().add(peer);
        return peer;
    }
}
