package io.godwit.site.group;

import io.godwit.site.move.IncomingMove;
import io.godwit.site.peer.PeerRequest;
import io.godwit.volume.ApplyHold;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/** A group that has just arrived here: what its former site may still want to compare, and the tunnel it still uses. */
final class Arrival {
    private static final Logger LOG = System.getLogger(Arrival.class.getName());

    /** The log must not grow for ever because a comparison that was announced never came. */
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(90);

    private final IncomingMove move;
    private final ApplyHold hold;

    Arrival(IncomingMove move, ApplyHold hold) {
        this.move = move;
        this.hold = hold;
        Thread.ofVirtual().name("hold-limit").start(this::endHold);
    }

    IncomingMove move() {
        return move;
    }

    /** How many disks differ from the source's at the position of the switch. */
    long differingDisks(List<PeerRequest.DiskDigest> theirs) throws InterruptedException {
        try {
            hold.awaitReached();
            long differing = 0;
            for (PeerRequest.DiskDigest digest : theirs) {
                String ours = HexFormat.of().formatHex(hold.digest(digest.disk()));
                if (!ours.equals(digest.sha256())) {
                    LOG.log(Level.ERROR, "disk {0} differs from the source''s", digest.disk());
                    differing++;
                }
            }
            return differing;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            hold.close();
        }
    }

    private void endHold() {
        try {
            Thread.sleep(LONGEST_HOLD);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        hold.close();
    }
}
