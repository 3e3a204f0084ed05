package io.godwit.link;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLSocket;

/** The side of a pairing that opened it: checks the secret, issues a certificate to the caller and remembers it. */
final class PairingAnswer {
    private final SiteIdentity identity;

    PairingAnswer(SiteIdentity identity) {
        this.identity = identity;
    }

    /**
     * Pairs with the caller or refuses it.
     *
     * @throws GodwitException when the caller was refused, which it has been told
     */
    void answer(SSLSocket caller) throws IOException {
        DataInputStream in = new DataInputStream(caller.getInputStream());
        DataOutputStream out = new DataOutputStream(caller.getOutputStream());
        try {
            Peer peer = admit(PairingRequest.read(in), Stranger.at(caller));
            identity.peers().add(peer);
            Verdict.accepted().write(out);
            BoundedText.writeBytes(out, Pem.der(peer.issuedToPeer()), PairingRequest.MAX_CERTIFICATE_BYTES);
            out.flush();
        } catch (GodwitException refusal) {
            Verdict.refused(refusal).write(out);
            throw refusal;
        }
    }

    private Peer admit(PairingRequest request, Stranger caller) {
        if (!identity.desk().redeem(request.secret())) {
            throw new GodwitException(
                    ErrorCode.DENIED,
                    "the pairing token is not valid (a token serves once and for a limited time): make a new one at site '%s'"
                            .formatted(identity.name()));
        }
        if (caller.name().equals(identity.name())) {
            throw new GodwitException(
                    ErrorCode.CONFLICT, "both sites are called '%s': a pair needs two names".formatted(caller.name()));
        }
        X509Certificate received = Pem.certificate(request.certificate());
        caller.requireIssuedTo(identity, received);
        return new Peer(
                caller.name(),
                PeerAddress.parse(request.address()),
                caller.authority(),
                identity.authority().issue(caller.name(), caller.key()),
                received);
    }
}
