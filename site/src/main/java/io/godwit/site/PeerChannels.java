package io.godwit.site;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.link.ChannelHandler;
import io.godwit.link.ChannelKind;
import io.godwit.link.PeerChannel;
import io.godwit.migration.MoveId;
import io.godwit.site.group.GroupVerifier;
import io.godwit.site.peer.PeerDesk;
import io.godwit.site.peer.PeerReply;
import io.godwit.site.peer.PeerRequest;
import io.godwit.voter.Voter;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Leads each channel that a peer opens to the group it is for. */
final class PeerChannels implements ChannelHandler {
    private final SiteName own;
    private final Groups groups;
    private final Optional<Voter> voter;

    PeerChannels(SiteName own, Groups groups, Optional<Voter> voter) {
        this.own = own;
        this.groups = groups;
        this.voter = voter;
    }

    @Override
    public void admit(SiteName peer, ChannelKind kind, Optional<GroupName> group) {
        if (kind == ChannelKind.QUORUM) {
            requireVoter().admit(peer);
            return;
        }
        if (group.isEmpty()) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "a channel is for a group: name it");
        }
        if (kind != ChannelKind.CONTROL) {
            groups.require(peer, group.get());
        }
    }

    @Override
    public void handle(PeerChannel channel) throws IOException, InterruptedException {
        if (channel.kind() == ChannelKind.QUORUM) {
            requireVoter().handle(channel);
        } else {
            handle(channel, channel.group().orElseThrow());
        }
    }

    private Voter requireVoter() {
        return voter.orElseThrow(() -> new GodwitException(
                ErrorCode.UNSUPPORTED, "site %s has no voter: its configuration names none".formatted(own)));
    }

    private void handle(PeerChannel channel, GroupName group) throws IOException, InterruptedException {
        switch (channel.kind()) {
            case CONTROL -> converse(channel);
            case REPLICATION -> groups.require(channel.peer(), group).receiveLog(channel);
            case VERIFY -> new GroupVerifier(groups.require(channel.peer(), group)).answer(channel);
            case MEMORY -> groups.require(channel.peer(), group).target().receiveMemory(channel);
            case CHECKPOINT ->
                groups.require(channel.peer(), group).memory().standby().receive(channel);
            case QUORUM -> throw new IllegalStateException("voters speak about no group");
        }
    }

    /** The line over which a move was prepared is the move's session: when it ends, so does what was not taken. */
    private void converse(PeerChannel channel) throws IOException {
        Set<MoveId> sessions = new HashSet<>();
        try {
            PeerDesk.serve(channel, request -> answer(channel, request, sessions));
        } finally {
            GroupName group = channel.group().orElseThrow();
            sessions.forEach(
                    move -> groups.require(channel.peer(), group).target().lostTouch(move));
        }
    }

    private PeerReply answer(PeerChannel channel, PeerRequest request, Set<MoveId> sessions) {
        if (request instanceof PeerRequest.PrepareServer prepare) {
            sessions.add(prepare.move());
        }
        return groups.answer(channel.peer(), request);
    }
}
