package io.godwit.link;

import io.godwit.core.SiteName;
import io.godwit.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.bouncycastle.util.io.pem.PemObject;

/** A peer as it is kept in a file: JSON, with certificates in PEM. */
record PeerFile(SiteName name, String address, String authority, String issuedToPeer, String issuedToUs) {
    PeerFile {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(authority, "authority");
        Objects.requireNonNull(issuedToPeer, "issuedToPeer");
        Objects.requireNonNull(issuedToUs, "issuedToUs");
    }

    static byte[] encode(Peer peer) {
        PeerFile file = new PeerFile(
                peer.name(),
                peer.address().toString(),
                Pem.of(peer.authority()),
                Pem.of(peer.issuedToPeer()),
                Pem.of(peer.issuedToUs()));
        return Json.pretty(file).getBytes(StandardCharsets.UTF_8);
    }

    static Peer decode(byte[] content) {
        PeerFile file = Json.read(content, PeerFile.class, "the record of a peer");
        return new Peer(
                file.name,
                PeerAddress.parse(file.address),
                Pem.certificate(only(file.authority)),
                Pem.certificate(only(file.issuedToPeer)),
                Pem.certificate(only(file.issuedToUs)));
    }

    private static PemObject only(String pem) {
        return Pem.blocks(pem, 1).getFirst();
    }
}
