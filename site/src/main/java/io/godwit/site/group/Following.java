package io.godwit.site.group;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.link.PeerChannel;
import io.godwit.replication.Replica;
import io.godwit.site.move.IncomingMove;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The peer owns the group: this site keeps a replica of its disks, and prepares for a move here when told to. */
public final class Following implements Role {
    private final Replica replica;
    private volatile @Nullable IncomingMove incoming;

    private final String past;
    private volatile String trouble = "";

    public Following(Replica replica) {
        this(replica, "");
    }

    /** @param past how this site came to follow, for people, until it is up to date */
    Following(Replica replica, String past) {
        this.replica = replica;
        this.past = past;
    }

    public Replica replica() {
        return replica;
    }

    public Optional<IncomingMove> incoming() {
        return Optional.ofNullable(incoming);
    }

    public IncomingMove requireIncoming() {
        return incoming()
                .orElseThrow(() -> new GodwitException(ErrorCode.CONFLICT, "no move towards this site is under way"));
    }

    public void expect(@Nullable IncomingMove move) {
        incoming = move;
    }

    /** Why nothing is being received, or empty. */
    public String trouble() {
        return trouble.isEmpty() && !replica.status().connected() ? past : trouble;
    }

    /** Lets go of the replica; nothing is lost. */
    public void leave() throws IOException {
        replica.store().ifPresent(held -> held.waitForServers(false));
        replica.close();
        Optional<GroupStore> store = replica.store();
        if (store.isPresent()) {
            store.get().close();
        }
    }

    public void receiveLog(PeerChannel channel) throws IOException, InterruptedException {
        try {
            trouble = "";
            replica.run(channel);
        } catch (IOException | GodwitException broken) {
            trouble = String.valueOf(broken.getMessage());
            throw broken;
        }
    }
}
