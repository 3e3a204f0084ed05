package io.godwit.site.group;

import io.godwit.core.Position;
import io.godwit.volume.DurabilityRule;

/**
 * The durability rule in force for a group's exports; it can be replaced while guests use them. Before it is known whose the
 * group is there is none: guests' writes and flushes wait for one.
 */
public final class CurrentRule implements DurabilityRule {
    private volatile DurabilityRule rule;
    private volatile boolean held;
    private boolean closed;

    public CurrentRule(DurabilityRule first) {
        this.rule = first;
    }

    /** One for which whoever writes or flushes waits, until there is another rule, or {@code first} is let through by {@link #release}. */
    static CurrentRule held(DurabilityRule first) {
        CurrentRule rule = new CurrentRule(first);
        rule.held = true;
        return rule;
    }

    public synchronized void become(DurabilityRule next) {
        rule = next;
        release();
    }

    /** Nobody waits for a rule any more: that from before is in force again. */
    synchronized void release() {
        held = false;
        notifyAll();
    }

    /** Nobody gets an answer any more who waits for a rule. */
    synchronized void close() {
        closed = true;
        notifyAll();
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

    @Override
    public void admit(long bytes) throws InterruptedException {
        inForce().admit(bytes);
    }

    @Override
    public boolean everyWrite() {
        return rule.everyWrite();
    }

    @Override
    public void awaitSafe(Position position) throws InterruptedException {
        inForce().awaitSafe(position);
    }
}
