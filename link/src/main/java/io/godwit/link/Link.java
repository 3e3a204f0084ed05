package io.godwit.link;

import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/** The way from this site to a peer: opens channels to it. Each channel is a TCP connection of its own. */
public final class Link {
    private final SiteIdentity identity;
    private final SiteName peer;
    private final LinkLimits limits;

    public Link(SiteIdentity identity, SiteName peer) {
        this(identity, peer, LinkLimits.DEFAULT);
    }

    public Link(SiteIdentity identity, SiteName peer, LinkLimits limits) {
        this.identity = identity;
        this.peer = peer;
        this.limits = limits;
    }

    /**
     * Connects to the address that is known for the peer now, proves both identities and opens a channel.
     *
     * @throws io.godwit.core.GodwitException if that fails: UNREACHABLE is worth another try, DENIED and UNSUPPORTED are not
     */
    public PeerChannel open(ChannelKind kind, Optional<GroupName> group) {
        Peer known = identity.peers().require(peer);
        String other = "site '%s' at %s".formatted(peer, known.address());
        Dialled dialled = new Dialled(other, known.address(), limits);
        CountedSocket raw = dialled.connect();
        Hello hello = new Hello(kind, group);
        return dialled.open(raw, connection -> secure(connection, known), socket -> {
            introduce(hello, socket);
            return new PeerChannel(known, hello, raw, socket);
        });
    }

    private SSLSocket secure(CountedSocket raw, Peer known) throws IOException {
        return Tls.client(
                raw,
                new CallName(identity.name(), peer).host(),
                identity.credentials(known.issuedToUs()),
                CertificateCheck.of(identity.authority(), known));
    }

    private void introduce(Hello hello, SSLSocket socket) throws IOException {
        hello.write(new DataOutputStream(socket.getOutputStream()));
        Verdict.read(new DataInputStream(socket.getInputStream())).require("site '%s'".formatted(peer));
    }
}
