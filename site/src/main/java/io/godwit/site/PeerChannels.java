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
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Leads each channel that a peer opens to the group it is for. */
final class PeerChannels implements ChannelHandler {
    private final Groups groups;

    PeerChannels(Groups groups) {
        this.groups = groups;
    }

    @Override
    public void admit(SiteName peer, ChannelKind kind, Optional<GroupName> group) {
        if (group.isEmpty()) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "a channel is for a group: name it");
        }
        if (kind != ChannelKind.CONTROL) {
            groups.require(peer, group.get());
        }
    }

    @Override
    public void handle(PeerChannel channel) throws IOException, InterruptedException {
        GroupName group = channel.group().orElseThrow();
        switch (channel.kind()) {
            case CONTROL -> converse(channel);
            case REPLICATION -> groups.require(channel.peer(), group).receiveLog(channel);
            case VERIFY -> new GroupVerifier(groups.require(channel.peer(), group)).answer(channel);
            case MEMORY -> groups.require(channel.peer(), group).target().receiveMemory(channel);
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
