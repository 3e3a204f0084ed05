package io.godwit.quorum;

import io.godwit.core.GroupName;
import io.godwit.quorum.QuorumAnswer.Granted;
import io.godwit.quorum.QuorumAnswer.Refused;
import io.godwit.quorum.QuorumCommand.Accept;
import io.godwit.quorum.QuorumCommand.Claim;
import io.godwit.quorum.QuorumCommand.OfOwner;
import io.godwit.quorum.QuorumCommand.Offer;
import io.godwit.quorum.QuorumCommand.Rate;
import io.godwit.quorum.QuorumCommand.Register;
import io.godwit.quorum.QuorumCommand.Release;
import io.godwit.quorum.QuorumCommand.Renew;
import io.godwit.quorum.QuorumCommand.Resume;
import io.godwit.quorum.QuorumCommand.Retire;
import io.godwit.quorum.QuorumCommand.TakeUp;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What all voters agree on. They apply the same commands in the same order and arrive at the same state: there is no clock, no chance and
 * no outside in here. A term is given once: only {@link Accept} and {@link Claim} begin one, each names what it has seen, and is
 * refused if anything was agreed since.
 */
public record QuorumState(SortedMap<GroupName, Ownership> groups) {
    /** More groups than this, those that were dissolved included, are refused; keeps the state small enough to send. */
    public static final int MAX_GROUPS = 4_096;

    /** More replicas of a group than this are not rated, whatever an owner says. */
    public static final int MAX_STANDBYS = 16;

    public static final QuorumState EMPTY = new QuorumState(new TreeMap<>());

    public QuorumState {
        groups = Collections.unmodifiableSortedMap(new TreeMap<>(groups));
    }

    /** A state, and what to tell whoever gave the command. */
    public record Applied(QuorumState state, QuorumAnswer answer) {}

    /** The group's standing; empty if there is no such group, or none any more. */
    public Optional<Ownership> find(GroupName group) {
        return Optional.ofNullable(groups.get(group)).filter(known -> !(known.standing() instanceof Standing.Retired));
    }

    public Applied apply(QuorumCommand command) {
        if (command instanceof Register register) {
            return register(register);
        }
        Optional<Ownership> known = find(command.group());
        if (known.isEmpty()) {
            return new Applied(this, new Refused(Refusal.UNKNOWN, Optional.empty()));
        }
        QuorumAnswer answer = judge(known.get(), command);
        return switch (answer) {
            case Granted(Ownership now) -> new Applied(with(command.group(), now), answer);
            case Refused refused -> new Applied(this, answer);
        };
    }

    private Applied register(Register wanted) {
        Optional<Ownership> last = Optional.ofNullable(groups.get(wanted.group()));
        Optional<Ownership> current = find(wanted.group());
        if (current.filter(now ->
                        now.isOf(wanted.site(), wanted.session()) && now.term().equals(wanted.term()))
                .isPresent()) {
            return new Applied(this, new Granted(current.get()));
        }
        if (current.isPresent()
                || last.filter(old -> !old.term().isOlderThan(wanted.term())).isPresent()) {
            return new Applied(this, new Refused(Refusal.REGISTERED, current));
        }
        if (last.isEmpty() && groups.size() >= MAX_GROUPS) {
            return new Applied(this, new Refused(Refusal.FULL, Optional.empty()));
        }
        long number = last.map(old -> old.number() + 1).orElse(0L);
        Ownership first = Ownership.first(wanted.site(), wanted.term(), wanted.session(), number, wanted.leaseMillis());
        return new Applied(with(wanted.group(), first), new Granted(first));
    }

    private static QuorumAnswer judge(Ownership now, QuorumCommand command) {
        return switch (command) {
            case Register register -> throw new IllegalStateException("a registration needs no group");
            case TakeUp wanted -> takeUp(now, wanted);
            case OfOwner order -> ofOwner(now, order);
            case Accept wanted -> accept(now, wanted);
            case Claim wanted -> claim(now, wanted);
        };
    }

    private static QuorumAnswer takeUp(Ownership now, TakeUp wanted) {
        if (!now.owner().equals(wanted.site()) || !now.term().equals(wanted.term())) {
            return refused(Refusal.NOT_THE_OWNER, now);
        }
        return now.number() == wanted.seenNumber()
                ? new Granted(now.takenUp(wanted.session()))
                : refused(Refusal.CHANGED, now);
    }

    private static QuorumAnswer ofOwner(Ownership now, OfOwner order) {
        Holding by = order.by();
        if (!now.owner().equals(by.site()) || !now.term().equals(by.term())) {
            return refused(Refusal.NOT_THE_OWNER, now);
        }
        if (!now.session().equals(by.session())) {
            return refused(Refusal.ANOTHER_RUN, now);
        }
        return by.number() > now.number() ? inTurn(now, order) : refused(Refusal.OVERTAKEN, now);
    }

    private static QuorumAnswer inTurn(Ownership now, OfOwner order) {
        long number = order.by().number();
        return switch (order) {
            case Renew renew -> whileHeld(now, now.at(number, now.standing()));
            case Rate(Holding by, var standby, var readiness) -> rate(now, now.rated(number, standby, readiness));
            case Offer(Holding by, var to) -> offer(now, number, to.equals(by.site()), new Standing.Offered(to));
            case Resume resume ->
                now.standing() instanceof Standing.Released
                        ? refused(Refusal.RELEASED, now)
                        : new Granted(now.at(number, new Standing.Held()));
            case Release release -> new Granted(now.at(number, new Standing.Released()));
            case Retire retire -> new Granted(now.at(number, new Standing.Retired()));
        };
    }

    private static QuorumAnswer offer(Ownership now, long number, boolean toItself, Standing.Offered offered) {
        return toItself ? refused(Refusal.ITS_OWN, now) : whileHeld(now, now.at(number, offered));
    }

    private static QuorumAnswer rate(Ownership now, Ownership rated) {
        return rated.standbys().size() > MAX_STANDBYS ? refused(Refusal.FULL, now) : whileHeld(now, rated);
    }

    private static QuorumAnswer whileHeld(Ownership now, Ownership then) {
        return switch (now.standing()) {
            case Standing.Held held -> new Granted(then);
            case Standing.Offered offered -> refused(Refusal.OFFERED, now);
            case Standing.Released released -> refused(Refusal.RELEASED, now);
            case Standing.Retired retired -> refused(Refusal.UNKNOWN, now);
        };
    }

    private static QuorumAnswer accept(Ownership now, Accept wanted) {
        if (!now.standing().equals(new Standing.Offered(wanted.site()))) {
            return refused(Refusal.NOT_OFFERED, now);
        }
        return now.isAt(wanted.seenTerm(), wanted.seenNumber())
                ? new Granted(now.passedTo(wanted.site(), wanted.session()))
                : refused(Refusal.CHANGED, now);
    }

    private static QuorumAnswer claim(Ownership now, Claim wanted) {
        if (!now.isAt(wanted.seenTerm(), wanted.seenNumber())) {
            return refused(Refusal.CHANGED, now);
        }
        boolean itsOwn = now.owner().equals(wanted.site());
        if (itsOwn && !(now.standing() instanceof Standing.Released)) {
            return refused(Refusal.ITS_OWN, now);
        }
        return itsOwn || now.standby(wanted.site()).serves(wanted.acceptingLoss())
                ? new Granted(now.passedTo(wanted.site(), wanted.session()))
                : refused(Refusal.NO_REPLICA, now);
    }

    private static QuorumAnswer refused(Refusal why, Ownership now) {
        return new Refused(why, Optional.of(now));
    }

    private QuorumState with(GroupName group, Ownership ownership) {
        SortedMap<GroupName, Ownership> changed = new TreeMap<>(groups);
        changed.put(group, ownership);
        return new QuorumState(changed);
    }
}
