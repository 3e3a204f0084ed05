package io.godwit.volume;

import io.godwit.core.DiskName;
import io.godwit.core.Position;
import java.io.IOException;

/** The disk images kept from passing one position, so that they can be compared with another site's there; closing it lets them go on. */
public final class ApplyHold implements AutoCloseable {
    private final GroupStore store;
    private final Position position;
    private boolean closed;

    ApplyHold(GroupStore store, Position position) {
        this.store = store;
        this.position = position;
    }

    public Position position() {
        return position;
    }

    /** Returns when the images hold all that is before the position. */
    public void awaitReached() throws InterruptedException {
        store.awaitApplied(position);
    }

    /**
     * The digest of a disk's content at the position, the same at every site that holds the same content: see {@link
     * DiskDigest}. The images need not have come so far: what they lack is read from the log, and the history stays. The position must be
     * durable.
     *
     * @throws io.godwit.core.GodwitException CONFLICT if the log needed its room meanwhile
     */
    public byte[] digest(DiskName disk) throws IOException {
        try (PointView view = store.history().open(position)) {
            return DiskDigest.of(view.disk(disk));
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            store.releaseHold();
        }
    }
}
