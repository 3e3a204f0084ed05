package io.godwit.link;

import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Optional;

/** What a site does with the channels that its peers open. Its methods are called on many threads at once. */
public interface ChannelHandler {
    /**
     * Decides whether a peer, already authenticated, may open this channel.
     *
     * @throws GodwitException to refuse; the peer receives its code and sentence
     */
    default void admit(SiteName peer, ChannelKind kind, Optional<GroupName> group) {}

    /** Serves one channel on a platform thread of its own; the channel is closed when this returns or throws. */
    void handle(PeerChannel channel) throws IOException, InterruptedException;

    /** Learns that a connection was refused before it became a channel, and why. */
    default void refused(SocketAddress from, String sentence) {
        System.getLogger(ChannelHandler.class.getName())
                .log(System.Logger.Level.WARNING, "refused a connection from {0}: {1}", from, sentence);
    }
}
