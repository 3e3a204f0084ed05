package io.godwit.link;

import io.godwit.core.DurableFile;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The peers that a site knows, each in a file of its own; what is forgotten here can no longer connect. Thread-safe. */
public final class PeerTrust {
    private static final String SUFFIX = ".json";

    /** More peers than any site has; keeps a damaged folder from filling memory. */
    private static final int MAX_PEERS = 256;

    private final Path directory;
    private final Map<SiteName, Peer> peers = new TreeMap<>();

    private PeerTrust(Path directory) {
        this.directory = directory;
    }

    static PeerTrust load(Path directory) throws IOException {
        PeerTrust trust = new PeerTrust(directory);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(path -> path.toString().endsWith(SUFFIX))
                    .limit(MAX_PEERS)
                    .toList()) {
                Peer peer = read(file);
                trust.peers.put(peer.name(), peer);
            }
        }
        return trust;
    }

    /** All peers, by name. */
    public synchronized List<Peer> all() {
        return List.copyOf(peers.values());
    }

    public synchronized Optional<Peer> find(SiteName name) {
        return Optional.ofNullable(peers.get(name));
    }

    /** The peer of that name, or a refusal that says how to get one. */
    public Peer require(SiteName name) {
        return find(name)
                .orElseThrow(() -> new GodwitException(
                        ErrorCode.NOT_FOUND,
                        "no site called '%s' is paired with this one: pair them first".formatted(name)));
    }

    /** Remembers a freshly paired site. One that has the name of another, but not its key, is refused. */
    synchronized void add(Peer peer) throws IOException {
        Peer known = peers.get(peer.name());
        if (known != null && !known.key().equals(peer.key())) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "this site is paired with another '%s' already: 'pair forget' ends that, if it is gone for good"
                            .formatted(peer.name()));
        }
        if (known == null && peers.size() >= MAX_PEERS) {
            throw new GodwitException(
                    ErrorCode.CONFLICT, "this site has %d peers, the most it can have".formatted(MAX_PEERS));
        }
        store(peer);
    }

    /** Notes where a peer listens from now on. */
    public synchronized void readdress(SiteName name, PeerAddress address) throws IOException {
        store(require(name).at(address));
    }

    /**
     * Ends a pairing on this side: no new connection of that peer is accepted.
     *
     * @throws GodwitException NOT_FOUND if there is none
     */
    public synchronized void forget(SiteName name) throws IOException {
        require(name);
        file(name).delete();
        peers.remove(name);
    }

    private void store(Peer peer) throws IOException {
        file(peer.name()).write(PeerFile.encode(peer));
        peers.put(peer.name(), peer);
    }

    private DurableFile file(SiteName name) {
        return new DurableFile(directory.resolve(name + SUFFIX));
    }

    private static Peer read(Path path) throws IOException {
        byte[] content = new DurableFile(path).read().orElseThrow();
        try {
            return PeerFile.decode(content);
        } catch (GodwitException damaged) {
            throw new GodwitException(
                    ErrorCode.CORRUPT,
                    "%s cannot be read (%s): restore it, or delete it and pair again"
                            .formatted(path, damaged.getMessage()),
                    damaged);
        }
    }
}
