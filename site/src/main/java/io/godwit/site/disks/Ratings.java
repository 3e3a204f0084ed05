package io.godwit.site.disks;

import io.godwit.core.Position;
import io.godwit.core.SiteName;
import io.godwit.quorum.Readiness;
import io.godwit.quorum.SyncPromise;
import io.godwit.quorum.TenureEvent;
import io.godwit.replication.Replicator;
import io.godwit.site.tenure.TenureDriver;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * What the voters are told of a group's replica, by its owner. A replica is complete for as long as every acknowledgement waits for it; before one
 * doesn't, they know.
 */
public final class Ratings {
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final Duration WISH_AGAIN = Duration.ofMillis(250);

    /** For what was acknowledged before a replica began to count. */
    private static final Duration CATCH_UP = Duration.ofSeconds(2);

    private final TenureDriver driver;
    private final SiteName replica;
    private volatile long lastWishNanos = System.nanoTime() - WISH_AGAIN.toNanos();

    public Ratings(TenureDriver driver, SiteName replica) {
        this.driver = driver;
        this.replica = replica;
    }

    private SyncPromise.Mode mode() {
        return driver.promises().mode(replica);
    }

    /** Whether the voters know that the replica lacks something, so that nobody need wait for it. */
    boolean alone() {
        return mode() == SyncPromise.Mode.ALONE;
    }

    /** Returns when an acknowledgement may be given as far as the replica goes. */
    void awaitPromise(BooleanSupplier covered) throws InterruptedException {
        while (!kept(covered)) {
            wish(Readiness.BEHIND);
            Thread.sleep(LOOK);
        }
    }

    private boolean kept(BooleanSupplier covered) {
        return switch (mode()) {
            case ALONE -> true;
            case TOGETHER -> covered.getAsBoolean();
            case PARTING -> false;
        };
    }

    private void wish(Readiness readiness) {
        long now = System.nanoTime();
        if (now - lastWishNanos >= WISH_AGAIN.toNanos()) {
            lastWishNanos = now;
            driver.enter(new TenureEvent.RateWish(replica, readiness));
        }
    }

    /**
     * Tells the voters what is better than they know; and that a replica lacks something, where nobody is to wait for it.
     *
     * @param known what the voters believe
     */
    public void look(Replicator replicator, Readiness known) {
        if (replicator.keepsPromise()) {
            if (known != Readiness.COMPLETE || mode() != SyncPromise.Mode.TOGETHER) {
                wish(Readiness.COMPLETE);
            }
        } else if (known == Readiness.UNFIT && replicator.status().seeded()) {
            wish(Readiness.BEHIND);
        } else if (known == Readiness.COMPLETE && !replicator.policy().waitsForReplica()) {
            wish(Readiness.BEHIND);
        }
    }

    /** Whether the replica has all that was acknowledged before acknowledgements began to wait for it, as they do now. */
    public boolean complete(Replicator replicator, Position head) throws InterruptedException {
        long deadline = System.nanoTime() + CATCH_UP.toNanos();
        while (replicator.keepsPromise() && !replicator.covers(head) && System.nanoTime() < deadline) {
            Thread.sleep(LOOK);
        }
        return replicator.keepsPromise() && replicator.covers(head);
    }
}
