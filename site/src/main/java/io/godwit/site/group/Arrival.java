package io.godwit.site.group;

import io.godwit.core.GodwitException;
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
import java.util.Optional;

/** A group that has just arrived here: what its former site may still want to compare, and the tunnel it still uses. */
final class Arrival {
    private static final Logger LOG = System.getLogger(Arrival.class.getName());

    /** The log must not grow for ever because a comparison that was announced never came. */
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(90);

    private final IncomingMove move;
    private final Optional<ApplyHold> hold;

    Arrival(IncomingMove move, Optional<ApplyHold> hold) {
        this.move = move;
        this.hold = hold;
        Thread.ofVirtual().name("hold-limit").start(this::limitHold);
    }

    IncomingMove move() {
        return move;
    }

    /** How many disks differ from the source's at the position of the switch, or -1 if that can't be known any more. */
    long differingDisks(List<PeerRequest.DiskDigest> theirs) {
        try (ApplyHold held = hold.orElse(null)) {
            return held == null ? -1 : differingDisks(theirs, held);
        } catch (GodwitException gone) {
            LOG.log(Level.INFO, "the disks can no longer be compared: {0}", gone.sentence());
            return -1;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static long differingDisks(List<PeerRequest.DiskDigest> theirs, ApplyHold hold) throws IOException {
        long differing = 0;
        for (PeerRequest.DiskDigest digest : theirs) {
            String ours = HexFormat.of().formatHex(hold.digest(digest.disk()));
            if (!ours.equals(digest.sha256())) {
                LOG.log(Level.ERROR, "disk {0} differs from the source''s", digest.disk());
                differing++;
            }
        }
        return differing;
    }

    /** Lets the images go on; they can't be compared any more. */
    void endHold() {
        hold.ifPresent(ApplyHold::close);
    }

    private void limitHold() {
        try {
            Thread.sleep(LONGEST_HOLD);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        endHold();
    }
}
