package io.godwit.link;

import io.godwit.core.DurableFile;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * Who a site is: its name, its authority, its own key, and the peers it was paired with. Kept in one directory (mode
 * 0700): {@code identity.pem} (mode 0600: authority key and certificate, site key and certificate) and {@code peers/}.
 */
public final class SiteIdentity {
    private static final String FILE = "identity.pem";
    private static final String PEERS = "peers";
    private static final String VOTING = "voting.json";

    private final Path directory;
    private final SiteName name;
    private final Authority authority;
    private final PrivateKey key;
    private final X509Certificate certificate;
    private final PeerTrust peers;
    private final PairingDesk desk;

    private SiteIdentity(
            Path directory, Authority authority, PrivateKey key, X509Certificate certificate, PeerTrust peers) {
        this.directory = directory;
        this.name = CommonName.siteOf(certificate);
        this.authority = authority;
        this.key = key;
        this.certificate = certificate;
        this.peers = peers;
        this.desk = new PairingDesk(Fingerprint.of(authority.certificate()));
    }

    /** Makes the keys of a new site. The directory is made too; it must not hold an identity yet. */
    public static SiteIdentity create(Path directory, SiteName name) throws IOException {
        makePrivate(directory);
        makePrivate(directory.resolve(PEERS));
        if (Files.exists(directory.resolve(FILE))) {
            throw new GodwitException(ErrorCode.CONFLICT, "%s holds the keys of a site already".formatted(directory));
        }
        Authority authority = Authority.create(name);
        KeyPair keys = Authority.newKeys();
        X509Certificate certificate = authority.issue(name, keys.getPublic());
        String text = Pem.of(authority.key())
                + Pem.of(authority.certificate())
                + Pem.of(keys.getPrivate())
                + Pem.of(certificate);
        new DurableFile(directory.resolve(FILE)).write(text.getBytes(StandardCharsets.US_ASCII));
        return load(directory);
    }

    /** Whether {@link #create} has been completed in this directory. */
    public static boolean exists(Path directory) {
        return Files.exists(directory.resolve(FILE));
    }

    public static SiteIdentity load(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        byte[] content = new DurableFile(file)
                .read()
                .orElseThrow(() -> new GodwitException(
                        ErrorCode.NOT_FOUND, "%s holds no keys of a site: create them first".formatted(directory)));
        requirePrivate(file);
        List<PemObject> blocks = Pem.blocks(new String(content, StandardCharsets.US_ASCII), 4);
        Authority authority = new Authority(Pem.privateKey(blocks.get(0)), Pem.certificate(blocks.get(1)));
        makePrivate(directory.resolve(PEERS));
        return new SiteIdentity(
                directory,
                authority,
                Pem.privateKey(blocks.get(2)),
                Pem.certificate(blocks.get(3)),
                PeerTrust.load(directory.resolve(PEERS)));
    }

    public SiteName name() {
        return name;
    }

    /** What people compare when they pair two sites. */
    public Fingerprint fingerprint() {
        return Fingerprint.of(authority.certificate());
    }

    /** What this site, by these keys, has bound itself to as a voter; kept with them, because whoever has them speaks for it. */
    public DurableFile votingFile() {
        return new DurableFile(directory.resolve(VOTING));
    }

    public PeerTrust peers() {
        return peers;
    }

    /** Lets one site join within this time, whoever brings the token. An earlier token that was not used is void. */
    public PairingToken openPairing(Duration validity) {
        return desk.open(validity);
    }

    /** Voids an open token, if there is one. */
    public void closePairing() {
        desk.close();
    }

    /**
     * Pairs with the site at that address, which opened the pairing.
     *
     * @param ownAddress where the other site can reach this one
     * @return the site as a peer, already stored on both sides
     */
    public Peer join(PeerAddress remote, PairingToken token, PeerAddress ownAddress) throws IOException {
        return new PairingCall(this, remote, token).join(ownAddress);
    }

    Authority authority() {
        return authority;
    }

    PairingDesk desk() {
        return desk;
    }

    /** Proves possession of the site's key with that certificate, which belongs to the key. */
    Credentials credentials(X509Certificate... chain) {
        return new Credentials(key, List.of(chain));
    }

    /** How this site shows itself before it is paired: its key, vouched for by its own authority. */
    Credentials ownCredentials() {
        return credentials(certificate, authority.certificate());
    }

    X509Certificate certificate() {
        return certificate;
    }

    private static void makePrivate(Path directory) throws IOException {
        Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rwx------");
        Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(owner));
        Files.setPosixFilePermissions(directory, owner);
    }

    private static void requirePrivate(Path file) throws IOException {
        Set<PosixFilePermission> open = EnumSet.copyOf(Files.getPosixFilePermissions(file));
        open.removeAll(PosixFilePermissions.fromString("rw-------"));
        if (!open.isEmpty()) {
            throw new GodwitException(
                    ErrorCode.DENIED,
                    "others may read the private keys in %s: run chmod 600 on it, and if anyone did, make new keys"
                            .formatted(file));
        }
    }
}
