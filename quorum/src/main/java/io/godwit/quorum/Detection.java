package io.godwit.quorum;

import io.godwit.core.SiteName;
import io.godwit.quorum.Evidence.Answers;
import io.godwit.quorum.Evidence.Hearsay;
import io.godwit.quorum.Evidence.Machines;
import io.godwit.quorum.Evidence.Probe;
import java.time.Duration;

/**
 * Tells from evidence what happened to a group's owner. A silence alone never moves a service: while the voters' majority sees the lease
 * renewed, the service stays where it is, whatever the observer itself can or can't reach.
 */
public record Detection(FailoverPolicy policy) {
    /**
     * What happened, and what to do about it.
     *
     * @param replica what the observer's own replica is good for
     * @param sinceExpiry for how long the lease has been over; zero while it lasts
     */
    public Verdict judge(Evidence seen, Readiness replica, Duration sinceExpiry) {
        return switch (seen.lease()) {
            case UNKNOWN -> cutOff(seen);
            case LASTS -> whileItLasts(seen);
            case WAITED_OUT ->
                seen.owner().equals(seen.observer()) ? ownLapsed(seen) : afterItEnded(seen, replica, sinceExpiry);
        };
    }

    private static Verdict cutOff(Evidence seen) {
        String sentence = seen.owner().equals(seen.observer())
                ? "%s hears no majority of the voters; when the lease of group %s runs out, it stops serving it here"
                        .formatted(seen.observer(), seen.group())
                : "%s hears no majority of the voters and may be the one that is cut off: it leaves group %s where it is, at %s"
                        .formatted(seen.observer(), seen.group(), seen.owner());
        return new Verdict(Finding.CUT_OFF, new Response.AskOperator(), sentence);
    }

    private Verdict whileItLasts(Evidence seen) {
        SiteName owner = seen.owner();
        boolean own = owner.equals(seen.observer());
        if (seen.machines() instanceof Machines.Ended(String machine, int restarts)
                && (own || seen.link() == Answers.ANSWERS)) {
            return deadMachine(seen, machine, restarts);
        }
        if (own && seen.machines() instanceof Machines.WithoutDisks(String why)) {
            return deadDisk(seen, why);
        }
        if (!own && seen.link() != Answers.ANSWERS) {
            return new Verdict(
                    Finding.LOST_LINK,
                    new Response.Nothing(),
                    "%s and %s cannot talk to each other, but %s still renews its lease: group %s goes on there, without a replica that follows"
                            .formatted(seen.observer(), owner, owner, seen.group()));
        }
        if (seen.service() == Probe.SILENT) {
            return new Verdict(
                    Finding.SILENT_SERVICE,
                    new Response.AskOperator(),
                    "the machines of group %s run at %s, but the service doesn't answer: look at the service; moving it would take the fault along"
                            .formatted(seen.group(), owner));
        }
        if (seen.witness() == Hearsay.NOT_ASKED) {
            return new Verdict(
                    Finding.LOST_WITNESS,
                    new Response.Nothing(),
                    "group %s runs at %s and both sites are well, but no third voter answers: if a site went now, nobody could decide by itself"
                            .formatted(seen.group(), owner));
        }
        return new Verdict(Finding.WELL, new Response.Nothing(), "group %s runs at %s".formatted(seen.group(), owner));
    }

    private Verdict deadMachine(Evidence seen, String machine, int restarts) {
        return restarts < policy.restarts()
                ? new Verdict(
                        Finding.DEAD_MACHINE,
                        new Response.RestartThere(machine),
                        "machine %s of group %s has ended at %s, which is well otherwise: it is started again there (%d of %d)"
                                .formatted(machine, seen.group(), seen.owner(), restarts + 1, policy.restarts()))
                : new Verdict(
                        Finding.DEAD_MACHINE,
                        policy.automatic() ? new Response.HandOver() : new Response.AskOperator(),
                        "machine %s of group %s has ended at %s again, after %d restarts: another site should have the group"
                                .formatted(machine, seen.group(), seen.owner(), restarts));
    }

    /** A site that can't write any more keeps the group from being served as long as it holds it. */
    private Verdict deadDisk(Evidence seen, String why) {
        String what = "the storage of group %s has failed at %s (%s), and nothing is written there any more"
                .formatted(seen.group(), seen.owner(), why);
        if (!policy.automatic()) {
            return deadDisk(new Response.AskOperator(), what + ": it is for an operator to say where it goes on");
        }
        return seen.complete().isPresent() || policy.acceptingLoss()
                ? deadDisk(
                        new Response.HandOver(), what + ": the group is given up here, for another site to take over")
                : deadDisk(
                        new Response.AskOperator(),
                        what + ": no replica has every acknowledged write, and the group's policy accepts no loss");
    }

    private static Verdict deadDisk(Response response, String sentence) {
        return new Verdict(Finding.DEAD_DISK, response, sentence);
    }

    private static Verdict ownLapsed(Evidence seen) {
        return new Verdict(
                Finding.STUCK_OWNER,
                new Response.Nothing(),
                "%s could not renew its lease of group %s in time and has stopped serving it; it goes on if no other site has taken it"
                        .formatted(seen.observer(), seen.group()));
    }

    private Verdict afterItEnded(Evidence seen, Readiness replica, Duration sinceExpiry) {
        return switch (seen.link()) {
            case REFUSES ->
                patiently(
                        Finding.DEAD_DAEMON,
                        seen,
                        replica,
                        sinceExpiry,
                        "the host of %s answers, but its daemon is gone; guests of group %s wait for their disks"
                                .formatted(seen.owner(), seen.group()));
            case ANSWERS ->
                patiently(
                        Finding.STUCK_OWNER,
                        seen,
                        replica,
                        sinceExpiry,
                        "%s answers, but has not renewed its lease of group %s and has stopped serving it"
                                .formatted(seen.owner(), seen.group()));
            case SILENT ->
                seen.witness() == Hearsay.HEARS_THE_OWNER
                        ? patiently(
                                Finding.STUCK_OWNER,
                                seen,
                                replica,
                                sinceExpiry,
                                "%s is heard by another voter, but has not renewed its lease of group %s"
                                        .formatted(seen.owner(), seen.group()))
                        : now(
                                Finding.LOST_SITE,
                                seen,
                                replica,
                                sinceExpiry,
                                "nobody hears %s any more, and its lease of group %s is over"
                                        .formatted(seen.owner(), seen.group()));
        };
    }

    private Verdict patiently(Finding finding, Evidence seen, Readiness replica, Duration sinceExpiry, String what) {
        Duration rest = policy.patience().minus(sinceExpiry);
        return rest.isPositive()
                ? new Verdict(
                        finding,
                        new Response.Wait(rest),
                        "%s: it has %d ms to come back".formatted(what, rest.toMillis()))
                : now(finding, seen, replica, rest.negated(), what);
    }

    /** @param waited how long the observer has been free to claim */
    private Verdict now(Finding finding, Evidence seen, Readiness replica, Duration waited, String what) {
        if (!policy.automatic()) {
            return new Verdict(
                    finding,
                    new Response.AskOperator(),
                    "%s: it is for an operator to say whether %s takes over".formatted(what, seen.observer()));
        }
        if (!replica.serves(policy.acceptingLoss())) {
            return new Verdict(
                    finding,
                    new Response.AskOperator(),
                    "%s: %s does not take over by itself, because its replica %s"
                            .formatted(what, seen.observer(), lack(replica)));
        }
        Duration rest = policy.deference().minus(waited);
        if (replica == Readiness.BEHIND && seen.complete().isPresent() && rest.isPositive()) {
            return new Verdict(
                    finding,
                    new Response.Wait(rest),
                    "%s: %s has every acknowledged write and has %d ms to take over, before %s does, which lacks some"
                            .formatted(what, seen.complete().get(), rest.toMillis(), seen.observer()));
        }
        String loss =
                replica == Readiness.COMPLETE ? "every acknowledged write is there" : "its latest writes may be lost";
        return new Verdict(
                finding, new Response.ClaimHere(), "%s: %s takes over; %s".formatted(what, seen.observer(), loss));
    }

    private static String lack(Readiness replica) {
        return switch (replica) {
            case COMPLETE -> throw new IllegalStateException("a complete replica lacks nothing");
            case BEHIND -> "lacks writes that were acknowledged, and the group's policy accepts no loss";
            case UNFIT -> "is not complete yet";
        };
    }
}
