package io.godwit.site.disks;

import io.godwit.core.Position;
import io.godwit.site.tenure.DiskLease;
import io.godwit.volume.DurabilityRule;
import java.time.Duration;

/**
 * The durability rule in force for a group's exports; it can be replaced while guests use them. Before it is known whose the
 * group is there is none: guests' writes and flushes wait for one. Nothing is answered while the lease is over: each answer looks for itself,
 * after everything else that it had to wait for.
 */
public final class CurrentRule implements DurabilityRule {
    /** So long it may take until whoever waits for a lease notices that the disks are not offered any more. */
    private static final Duration LOOK = Duration.ofMillis(50);

    private final DiskLease lease;
    private volatile DurabilityRule rule;
    private volatile boolean held;
    private volatile boolean withdrawn;
    private volatile boolean expecting;
    private boolean closed;

    public CurrentRule(DurabilityRule first, DiskLease lease) {
        this.rule = first;
        this.lease = lease;
    }

    /** One for which whoever writes or flushes waits, until there is another rule, or {@code first} is let through by {@link #release}. */
    static CurrentRule held(DurabilityRule first, DiskLease lease) {
        CurrentRule rule = new CurrentRule(first, lease);
        rule.held = true;
        return rule;
    }

    /**
     * One for disks of machines that are expected here, and don't run: their QEMU looks at the disks before there is a lease. From the first
     * other rule on, reads wait for the lease, too.
     */
    static CurrentRule expecting(DurabilityRule first, DiskLease lease) {
        CurrentRule rule = new CurrentRule(first, lease);
        rule.expecting = true;
        return rule;
    }

    public synchronized void become(DurabilityRule next) {
        rule = next;
        expecting = false;
        release();
    }

    /** Nobody waits for a rule any more: that from before is in force again. */
    public synchronized void release() {
        held = false;
        notifyAll();
    }

    /** Nobody gets an answer any more who waits for a rule. */
    synchronized void close() {
        closed = true;
        withdrawn = true;
        notifyAll();
    }

    /** Nobody waits for a lease any more whose connection is ended, until the disk is offered again. */
    void withdrawn(boolean now) {
        withdrawn = now;
    }

    private DurabilityRule inForce() throws InterruptedException {
        if (held) {
            awaitRule();
        }
        return rule;
    }

    private synchronized void awaitRule() throws InterruptedException {
        while (held) {
            if (closed) {
                throw new InterruptedException("the disks are not served here");
            }
            wait();
        }
    }

    private void awaitLease() throws InterruptedException {
        while (!lease.answers()) {
            if (withdrawn) {
                throw new InterruptedException("the disks are not offered here");
            }
            lease.await(LOOK);
        }
    }

    @Override
    public void admit(long bytes) throws InterruptedException {
        inForce().admit(bytes);
        awaitLease();
    }

    @Override
    public void admitRead() throws InterruptedException {
        if (!expecting) {
            awaitLease();
        }
    }

    /** A write that was taken while the lease lasted is answered when it lasts again. */
    @Override
    public boolean everyWrite() {
        return rule.everyWrite() || !lease.answers();
    }

    @Override
    public void awaitSafe(Position position) throws InterruptedException {
        inForce().awaitSafe(position);
        awaitLease();
    }
}
