package io.godwit.quorum.sim;

import static io.godwit.quorum.sim.Chance.MILLI;

import io.godwit.core.Term;
import java.util.List;

/**
 * What a site has of the group on its disk. A write takes a moment until it is durable, and one sync serves all that was written before it. A
 * sync that fails is never tried again: the store is done for, also for the next daemon, until somebody has replaced the disk by an empty one.
 */
final class Store {
    private final World world;
    private final Site site;
    private final Journal journal = new Journal();
    private boolean failed;
    private boolean whole = true;
    private boolean syncing;
    private Runnable whenDurable = () -> {};

    Store(World world, Site site) {
        this.world = world;
        this.site = site;
    }

    Journal journal() {
        return journal;
    }

    boolean hasFailed() {
        return failed;
    }

    /** Whether the group could be started from it, as of some time: it is no new disk that hasn't been filled yet. */
    boolean isWhole() {
        return whole && !failed;
    }

    /** All that its owner had a moment ago is there. */
    void filled() {
        whole = true;
    }

    private void fail() {
        world.trace(() -> "the disk of %s fails".formatted(site.name()));
        failed = true;
        world.schedule().in(world.wear().replacedIn(), this::replace);
    }

    /** An owner's disk holds what nobody else may have: it stays until another site has the group. */
    private void replace() {
        if (site.isTheOnlyOwner()) {
            world.schedule().in(world.wear().replacedIn(), this::replace);
        } else {
            world.trace(() -> "the disk of %s is replaced by an empty one".formatted(site.name()));
            journal.cutTo(0);
            failed = false;
            whole = false;
            site.takeUpAgain();
        }
    }

    /** The first record of a term, durable when this returns. */
    void promote(Term term) {
        if (failed) {
            return;
        }
        if (journal.term().filter(term::equals).isEmpty()) {
            write(term);
        }
        world.histories().begun(term, journal);
        journal.sync(journal.end());
    }

    void write(Term term) {
        journal.append(new Written(term, site.name(), world.histories().fresh()));
        world.histories().wrote(term, journal);
    }

    /** Does something, and nothing that was wished for earlier, once all that was written until now is durable. */
    void sync(Runnable then) {
        whenDurable = then;
        if (syncing || failed) {
            return;
        }
        syncing = true;
        int target = journal.end();
        long takes = world.chance().scaled(MILLI / 10, world.chance().happens(0.05) ? 500 * MILLI : 5 * MILLI);
        site.later(takes, () -> {
            syncing = false;
            if (failed) {
                return;
            }
            if (world.wear().strikes()) {
                fail();
                return;
            }
            journal.sync(target);
            whenDurable.run();
            if (journal.durable() < journal.end()) {
                sync(whenDurable);
            }
        });
    }

    /** Everything is made durable, whatever that takes. */
    List<Long> settled() {
        journal.sync(journal.end());
        return journal.chain();
    }

    /** The process has ended: some of what was not durable is there all the same. */
    void crash() {
        syncing = false;
        int lost = world.chance().below(journal.end() - journal.durable() + 1);
        if (lost > 0 && site.owns()) {
            world.histories().cut(journal.term().orElseThrow(), journal.end() - lost);
        }
        journal.cutTo(journal.end() - lost);
        journal.sync(journal.end());
    }
}
