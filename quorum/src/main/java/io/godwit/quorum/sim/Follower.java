package io.godwit.quorum.sim;

import io.godwit.core.Term;
import java.util.List;
import java.util.Optional;

/** The replica's side of the replication. The owner that said hello last is the one that is followed; what it sends must chain to what is here. */
final class Follower {
    private final World world;
    private final Site site;
    private long session;

    Follower(World world, Site site) {
        this.world = world;
        this.site = site;
    }

    /** Nobody is followed any more. */
    void hangUp() {
        session = 0;
    }

    void hello(Shipment from, long of, Term term) {
        boolean over = journal().term().filter(term::isOlderThan).isPresent();
        if (!site.owns() && !over && !site.store().hasFailed()) {
            session = of;
            hold(from);
        }
    }

    private void hold(Shipment from) {
        long of = session;
        List<Long> chain = site.store().settled();
        Optional<Term> newest = journal().term();
        from.reply(() -> from.holding(of, chain, newest));
    }

    /** What is beyond the common history is set aside: it is no part of the group's any more. */
    void turnBack(Shipment from, long of, List<Long> chain, int common) {
        if (of == session && !site.owns() && journal().chain().equals(chain)) {
            world.trace(() -> "%s sets %d records aside".formatted(site.name(), chain.size() - common));
            journal().cutTo(common);
            hold(from);
        }
    }

    void records(Shipment from, long of, int first, long before, List<Written> records) {
        if (of != session || site.owns() || site.store().hasFailed()) {
            return;
        }
        if (world.mutation() == Mutation.CHAIN_IGNORED) {
            records.forEach(journal()::append);
        } else if (journal().holds(first, before)) {
            records.stream().skip(journal().end() - first).forEach(journal()::append);
            site.store().filled();
        }
        site.store().sync(() -> acknowledge(from, of));
    }

    private void acknowledge(Shipment from, long of) {
        int durable = journal().durable();
        if (of == session) {
            from.reply(() -> from.acknowledged(of, durable));
        }
    }

    private Journal journal() {
        return site.store().journal();
    }
}
