package io.godwit.voter.witness;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.ApiServer;
import io.godwit.api.SiteStatus;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.link.ChannelHandler;
import io.godwit.link.ChannelKind;
import io.godwit.link.LinkServer;
import io.godwit.link.PairingToken;
import io.godwit.link.Peer;
import io.godwit.link.PeerAddress;
import io.godwit.link.PeerChannel;
import io.godwit.link.SiteIdentity;
import io.godwit.voter.Voter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A running witness: a voter, the door for the others, and the API for its own people, which is a site's, as far as a witness has what it asks for. */
final class WitnessDaemon implements AutoCloseable {
    static final String VERSION = "0.1.0";
    private static final Duration PAIRING_VALIDITY = Duration.ofMinutes(10);

    private final WitnessConfig config;
    private final SiteIdentity identity;
    private final Voter voter;
    private final LinkServer links;
    private final ApiServer api;

    WitnessDaemon(WitnessConfig config, SiteIdentity identity) throws IOException {
        this.config = config;
        this.identity = identity;
        this.voter = Voter.open(identity, config.voterList(), config.voterDirectory());
        this.links = new LinkServer(identity, config.listenAddress().resolve(), new Door());
        this.api = new ApiServer(config.apiSocket(), this::answer);
    }

    /** Leads the other voters to this one. There is nothing else here. */
    private final class Door implements ChannelHandler {
        @Override
        public void admit(SiteName peer, ChannelKind kind, Optional<GroupName> group) {
            if (kind != ChannelKind.QUORUM) {
                throw new GodwitException(
                        ErrorCode.UNSUPPORTED, "%s is a witness, and no site".formatted(config.name()));
            }
            voter.admit(peer);
        }

        @Override
        public void handle(PeerChannel channel) throws IOException, InterruptedException {
            voter.handle(channel);
        }
    }

    private void answer(ApiRequest request, ApiServer.Replies out) throws IOException {
        if (request instanceof ApiRequest.Status) {
            out.send(new ApiReply.Status(status()));
        } else if (request instanceof ApiRequest.OpenPairing) {
            PairingToken token = identity.openPairing(PAIRING_VALIDITY);
            out.send(new ApiReply.PairingOpened(
                    token.text(), token.fingerprint().toString(), PAIRING_VALIDITY.toSeconds()));
        } else if (request instanceof ApiRequest.Join(String address, String token)) {
            Peer peer = identity.join(PeerAddress.parse(address), PairingToken.parse(token), config.listenAddress());
            out.send(new ApiReply.Joined(peer.name(), peer.fingerprint().toString()));
        } else if (request instanceof ApiRequest.Forget(SiteName peer)) {
            voter.requireNoVoter(peer);
            identity.peers().forget(peer);
            out.send(new ApiReply.Done("%s is not trusted here any more".formatted(peer)));
        } else {
            throw new GodwitException(
                    ErrorCode.UNSUPPORTED, "%s is a witness: it has no groups".formatted(config.name()));
        }
    }

    private SiteStatus status() {
        return new SiteStatus(
                config.name(),
                VERSION,
                identity.fingerprint().toString(),
                identity.peers().all().stream()
                        .map(peer ->
                                new SiteStatus.Peer(peer.name(), peer.address().toString()))
                        .toList(),
                List.of(),
                List.of(),
                Optional.of(new SiteStatus.Voting(
                        voter.leader(), voter.voters().names(), voter.reachable(), voter.trouble())));
    }

    @Override
    public void close() throws IOException {
        api.close();
        voter.close();
        links.close();
    }
}
