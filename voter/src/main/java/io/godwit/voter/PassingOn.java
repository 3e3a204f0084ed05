package io.godwit.voter;

import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;

/**
 * Takes a site's commands to the leader for it, once. So a site that hears a majority is heard by the voters, also if the leader is the one voter that
 * it doesn't hear.
 */
final class PassingOn {
    private static final Logger LOG = System.getLogger(PassingOn.class.getName());

    private final Map<SiteName, PeerCalls> peers;

    PassingOn(Map<SiteName, PeerCalls> peers) {
        this.peers = Map.copyOf(peers);
    }

    /** What the leader has to say; if it says nothing, that it is the one to ask. */
    Asks.Replies pass(Asks asks, SiteName leader) {
        PeerCalls calls = peers.get(leader);
        if (calls == null) {
            return Asks.Replies.toAll(asks, new Ask.Reply.Open());
        }
        try {
            return AskLine.ask(calls, leader, QuorumFrame.Kind.PASSED_ON, asks);
        } catch (IOException | GodwitException unanswered) {
            LOG.log(Level.DEBUG, "voter {0} was not told of commands: {1}", leader, unanswered.getMessage());
            return Asks.Replies.toAll(asks, new Ask.Reply.Elsewhere(Optional.of(leader)));
        }
    }
}
