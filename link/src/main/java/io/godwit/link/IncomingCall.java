package io.godwit.link;

import io.godwit.core.SiteName;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.StandardConstants;

/**
 * What the called site learns about one caller during the TLS handshake, in this order: the name it gives, and then the
 * proof. Used by the handshake's thread alone.
 */
final class IncomingCall {
    /** Who the caller says it is. */
    private sealed interface Caller {
        /** It has not said. */
        record Silent() implements Caller {}

        /** It is not paired yet and wants to be. */
        record Joining() implements Caller {}

        record Known(Peer peer) implements Caller {}

        record Unknown(String sentence) implements Caller {}
    }

    private final SiteIdentity identity;
    private Caller caller = new Caller.Silent();

    IncomingCall(SiteIdentity identity) {
        this.identity = identity;
    }

    /** The peer that calls, proved once the handshake is complete; empty if the caller wants to pair. */
    Optional<Peer> peer() {
        return caller instanceof Caller.Known(Peer peer) ? Optional.of(peer) : Optional.empty();
    }

    /** Why the handshake could not go on after the caller had given its name, if that is the reason. */
    Optional<String> refusal() {
        return caller instanceof Caller.Unknown(String sentence) ? Optional.of(sentence) : Optional.empty();
    }

    SNIMatcher matcher() {
        return new SNIMatcher(StandardConstants.SNI_HOST_NAME) {
            @Override
            public boolean matches(SNIServerName name) {
                caller = identify(new String(name.getEncoded(), StandardCharsets.US_ASCII));
                return !(caller instanceof Caller.Unknown);
            }
        };
    }

    /** What this caller should be shown: for a peer, the certificate that it issued to us. */
    Optional<Credentials> credentials() {
        return switch (caller) {
            case Caller.Known(Peer peer) -> Optional.of(identity.credentials(peer.issuedToUs()));
            case Caller.Joining _ -> Optional.of(identity.ownCredentials());
            case Caller.Silent _, Caller.Unknown _ -> Optional.empty();
        };
    }

    void check(X509Certificate[] chain) throws CertificateException {
        switch (caller) {
            case Caller.Known(Peer peer) ->
                CertificateCheck.of(identity.authority(), peer).check(chain);
            case Caller.Joining _ -> Stranger.of(chain);
            case Caller.Silent _, Caller.Unknown _ -> throw new CertificateException("it did not say which site it is");
        }
    }

    private Caller identify(String host) {
        if (host.equals(CallName.PAIRING)) {
            return new Caller.Joining();
        }
        Optional<CallName> name = CallName.parse(host);
        if (name.isEmpty()) {
            return new Caller.Unknown("it asked for something that is not a site");
        }
        SiteName called = name.get().called();
        if (!called.equals(identity.name())) {
            return new Caller.Unknown("it looked for site '%s', but this is '%s'".formatted(called, identity.name()));
        }
        SiteName caller = name.get().caller();
        return identity.peers()
                .find(caller)
                .<Caller>map(Caller.Known::new)
                .orElseGet(() ->
                        new Caller.Unknown("it says it is '%s', which is not paired with this site".formatted(caller)));
    }
}
