package io.godwit.site.group;

import io.godwit.core.Position;
import io.godwit.volume.DurabilityRule;

/** The durability rule in force for a group's exports; it can be replaced while guests use them. */
public final class CurrentRule implements DurabilityRule {
    private volatile DurabilityRule rule;

    public CurrentRule(DurabilityRule first) {
        this.rule = first;
    }

    public void become(DurabilityRule next) {
        rule = next;
    }

    @Override
    public void admit(long bytes) throws InterruptedException {
        rule.admit(bytes);
    }

    @Override
    public boolean everyWrite() {
        return rule.everyWrite();
    }

    @Override
    public void awaitSafe(Position position) throws InterruptedException {
        rule.awaitSafe(position);
    }
}
