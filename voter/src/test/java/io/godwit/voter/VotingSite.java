package io.godwit.voter;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.link.ChannelHandler;
import io.godwit.link.ChannelKind;
import io.godwit.link.LinkServer;
import io.godwit.link.PeerAddress;
import io.godwit.link.PeerChannel;
import io.godwit.link.SiteIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** A site with real keys that listens on the loopback interface, and whose voter comes and goes. */
final class VotingSite implements AutoCloseable {
    private final SiteIdentity identity;
    private final Path directory;
    private final LinkServer server;
    private final Set<SiteName> unheard = ConcurrentHashMap.newKeySet();
    private final Set<PeerChannel> open = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Optional<Voter>> voter = new AtomicReference<>(Optional.empty());

    VotingSite(Path home, SiteName name) throws IOException {
        this.identity = SiteIdentity.create(home.resolve(name + "-identity"), name);
        this.directory = home.resolve(name + "-voter");
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        this.server = new LinkServer(identity, anyPort, new Door());
    }

    private final class Door implements ChannelHandler {
        @Override
        public void admit(SiteName peer, ChannelKind kind, Optional<GroupName> group) {
            if (unheard.contains(peer)) {
                throw new GodwitException(ErrorCode.UNREACHABLE, "%s does not hear %s".formatted(name(), peer));
            }
            running().admit(peer);
        }

        @Override
        public void handle(PeerChannel channel) throws IOException, InterruptedException {
            open.add(channel);
            try {
                running().handle(channel);
            } finally {
                open.remove(channel);
            }
        }

        private Voter running() {
            return voter.get().orElseThrow(() -> new GodwitException(ErrorCode.UNREACHABLE, name() + " does not run"));
        }
    }

    void pairWith(VotingSite other) throws IOException {
        identity.join(other.address(), other.identity.openPairing(Duration.ofMinutes(1)), address());
    }

    /** From now on the two don't hear each other. */
    void part(VotingSite other) throws IOException {
        stopHearing(other.name());
        other.stopHearing(name());
    }

    private void stopHearing(SiteName peer) throws IOException {
        unheard.add(peer);
        for (PeerChannel channel : open) {
            if (channel.peer().equals(peer)) {
                channel.close();
            }
        }
    }

    Voter open(VoterList voters, int snapshotEvery) {
        Voter opened = Voter.open(identity, voters, directory, snapshotEvery);
        voter.set(Optional.of(opened));
        return opened;
    }

    Voter voter() {
        return voter.get().orElseThrow();
    }

    boolean runs() {
        return voter.get().isPresent();
    }

    /** Ends the voter; who asks it afterwards is refused. */
    void stop() throws IOException {
        Optional<Voter> stopped = voter.getAndSet(Optional.empty());
        if (stopped.isPresent()) {
            stopped.get().close();
        }
    }

    SiteName name() {
        return identity.name();
    }

    SiteIdentity identity() {
        return identity;
    }

    Path directory() {
        return directory;
    }

    PeerAddress address() {
        return new PeerAddress("127.0.0.1", server.address().getPort());
    }

    @Override
    public void close() throws IOException {
        stop();
        server.close();
    }
}
