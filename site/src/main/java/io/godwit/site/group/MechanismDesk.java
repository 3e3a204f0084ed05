package io.godwit.site.group;

import io.godwit.api.CheckpointReport;
import io.godwit.api.CheckpointWish;
import io.godwit.api.FailoverWish;
import io.godwit.api.GroupStatus;
import io.godwit.api.MechanismReport;
import io.godwit.api.ObjectiveWish;
import io.godwit.api.ReplicationMode;
import io.godwit.core.GodwitException;
import io.godwit.memory.RamFile;
import io.godwit.migration.mechanism.Advice;
import io.godwit.migration.mechanism.GroupFacts;
import io.godwit.migration.mechanism.Mechanism;
import io.godwit.migration.mechanism.Mechanism.Memory;
import io.godwit.migration.mechanism.Objective;
import io.godwit.replication.ReplicationStatus;
import io.godwit.replication.Waiting;
import io.godwit.site.peer.PeerLine;
import io.godwit.site.peer.PeerRequest;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Chooses how a group that runs here is protected, from what its users ask for and what was measured. */
public record MechanismDesk(GroupAgent agent) {
    private static final Logger LOG = System.getLogger(MechanismDesk.class.getName());

    /** From the end of a lease until the voters have decided. */
    private static final Duration DECIDING = Duration.ofMillis(500);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * Says which mechanism it is, and, if confirmed, has the group protected like that; a mode that is in force already stays as it is.
     *
     * @param followed whether another one takes its place by itself when it doesn't do any more
     */
    public MechanismReport choose(ObjectiveWish wish, boolean confirmed, boolean followed)
            throws IOException, InterruptedException {
        Serving serving = agent.history().requireServing("choose how it is protected");
        GroupFacts facts = facts(serving, wish);
        Advice advice = Advice.of(objective(wish), facts);
        if (confirmed) {
            apply(advice, wish);
            keepAtBoth(followed ? Optional.of(wish) : Optional.empty());
        }
        return report(advice, facts, wish, confirmed);
    }

    /** Has another mechanism take the place of the present one, if that doesn't do any more; returns what it is then. */
    Optional<Changed> review(Serving serving, ObjectiveWish wish) throws IOException, InterruptedException {
        GroupFacts facts = facts(serving, wish);
        Mechanism before = present();
        Optional<Advice> instead = Advice.instead(before, objective(wish), facts);
        if (instead.isPresent()) {
            apply(instead.get(), wish);
        }
        return instead.map(advice ->
                new Changed(Advice.on(before, objective(wish), facts).missed(), report(advice, facts, wish, true)));
    }

    /** @param missedBefore what the former mechanism didn't keep; empty if the new one does as well for less */
    record Changed(List<String> missedBefore, MechanismReport report) {}

    /** Somebody says how the group is protected: that isn't chosen any more. Where the other site can't be told, it goes on choosing when the group is its own. */
    public void forget() {
        if (agent.record().definition().objective().isPresent() && agent.role() instanceof Serving) {
            try {
                keepAtBoth(Optional.empty());
            } catch (GodwitException unreachable) {
                LOG.log(Level.WARNING, "group {0}: {1}", agent.name(), unreachable.sentence());
                keep(Optional.empty());
            }
        }
    }

    private void keepAtBoth(Optional<ObjectiveWish> objective) {
        if (!agent.record().definition().objective().equals(objective)) {
            PeerLine.askOnce(
                    agent.site().linkTo(agent.peer()),
                    new PeerRequest.KeepObjective(agent.name(), objective),
                    PATIENCE);
            keep(objective);
        }
    }

    /** From now on that is what the mechanism is chosen for, as far as this site is concerned. */
    void keep(Optional<ObjectiveWish> objective) {
        agent.changing().lock();
        try {
            agent.save(agent.record().withObjective(objective));
        } finally {
            agent.changing().unlock();
        }
    }

    /** What is asked for, and what of it isn't reached now. */
    Optional<GroupStatus.Objective> standing() {
        return agent.record()
                .definition()
                .objective()
                .map(wish -> new GroupStatus.Objective(
                        wish, agent.role() instanceof Serving serving ? missed(serving, wish) : List.of()));
    }

    /** Where nobody waits for the replica although the mode says so, since it is away, that counts. */
    private List<String> missed(Serving serving, ObjectiveWish wish) {
        ReplicationStatus replica = serving.replicator().status();
        if (!replica.seeded()) {
            return List.of("no complete copy is known to be at %s, which could not take the group over"
                    .formatted(agent.peer()));
        }
        Mechanism chosen = present();
        boolean sync = chosen.sync() && replica.mode().waiting() != Waiting.NOTHING;
        Duration now = replica.mode().rpo();
        Duration usual = replica.mode().worstInReach();
        return Advice.on(
                        new Mechanism(sync, chosen.memory(), chosen.everySeconds()),
                        objective(wish),
                        facts(
                                replica,
                                wish,
                                sync ? Optional.empty() : Optional.of(now.compareTo(usual) > 0 ? now : usual)))
                .missed();
    }

    private static Objective objective(ObjectiveWish wish) {
        return new Objective(
                Duration.ofMillis(wish.rpoMillis()), Duration.ofMillis(wish.rtoMillis()), wish.overheadPercent());
    }

    private Mechanism present() {
        boolean sync = kind() == ReplicationMode.Kind.SYNC || kind() == ReplicationMode.Kind.STRICT;
        return agent.record()
                .definition()
                .memoryProtection()
                .filter(wish -> wish.everySeconds().isPresent())
                .map(wish -> new Mechanism(
                        sync,
                        wish.effectiveStandby() == CheckpointWish.Standby.WARM ? Memory.WARM : Memory.COLD,
                        wish.everySeconds().get()))
                .orElseGet(() -> new Mechanism(sync, Memory.NONE, 0));
    }

    /** How a replica lags that is there: what was measured while it was away says nothing of a mechanism. */
    private GroupFacts facts(Serving serving, ObjectiveWish wish) {
        ReplicationStatus replica = serving.replicator().status();
        boolean nobodyWaits = kind() == ReplicationMode.Kind.ASYNC || kind() == ReplicationMode.Kind.ADAPTIVE;
        return facts(replica, wish, nobodyWaits ? Optional.of(replica.mode().worstInReach()) : Optional.empty());
    }

    private GroupFacts facts(ReplicationStatus replica, ObjectiveWish wish, Optional<Duration> lag) {
        return new GroupFacts(
                voted() ? agent.record().definition().lease().plus(DECIDING) : Duration.ZERO,
                voted() && policy().byItself() && !policy().acceptsLoss(),
                Duration.ofMillis(wish.bootMillis()),
                replica.roundTrip(),
                lag,
                memoryBytes(),
                replica.mode().deliveryRate(),
                agent.memory()
                        .checkpointing()
                        .latest()
                        .filter(this::isOfChangesAlone)
                        .map(MechanismDesk::cost));
    }

    private long memoryBytes() {
        return agent.record().definition().vms().stream()
                .mapToLong(vm -> vm.memory().bytes())
                .sum();
    }

    /** The first one brings all of the memory, and says nothing of what the others cost. */
    private boolean isOfChangesAlone(CheckpointReport latest) {
        return 2 * RamFile.PAGE_BYTES * latest.pages() < memoryBytes();
    }

    private static GroupFacts.CheckpointCost cost(CheckpointReport latest) {
        return new GroupFacts.CheckpointCost(
                Duration.ofNanos(latest.pauseMicros() * 1_000), Duration.ofMillis(latest.tookMillis()));
    }

    private FailoverWish policy() {
        return agent.record().definition().failover().orElse(FailoverWish.DEFAULT);
    }

    private boolean voted() {
        return agent.tenancy().isPresent();
    }

    private ReplicationMode.Kind kind() {
        return agent.record().mode().kind();
    }

    private static ReplicationMode.Kind kind(Mechanism mechanism) {
        return mechanism.sync() ? ReplicationMode.Kind.SYNC : ReplicationMode.Kind.ASYNC;
    }

    private void apply(Advice advice, ObjectiveWish wish) throws IOException, InterruptedException {
        Mechanism mechanism = advice.mechanism();
        if (present().sync() != mechanism.sync()) {
            agent.modeChanger()
                    .change(
                            new ReplicationMode.Wish(
                                    kind(mechanism),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    mechanism.sync() ? Optional.of(whenCut(wish)) : Optional.empty(),
                                    Optional.empty()),
                            changing -> {});
        }
        CheckpointWish checkpoints = checkpoints(advice).orElse(null);
        if (checkpoints != null) {
            agent.memory()
                    .checkpointing()
                    .protect(checkpoints.everySeconds(), checkpoints.standby(), checkpoints.resumeWithinSeconds());
        } else if (agent.record().definition().memoryProtection().isPresent()) {
            agent.memory()
                    .checkpointing()
                    .protect(Optional.of(0), Optional.of(CheckpointWish.Standby.NONE), Optional.empty());
        }
    }

    /** Whoever may lose something would rather go on than stand still. */
    private static ReplicationMode.WhenCut whenCut(ObjectiveWish wish) {
        return wish.rpoMillis() == 0 ? ReplicationMode.WhenCut.STALL : ReplicationMode.WhenCut.DEGRADE;
    }

    private static Optional<CheckpointWish> checkpoints(Advice advice) {
        Mechanism mechanism = advice.mechanism();
        if (mechanism.memory() == Memory.NONE) {
            return Optional.empty();
        }
        int rpoSeconds = (int) advice.achieved().rpo().plusMillis(999).toSeconds();
        return Optional.of(new CheckpointWish(
                Optional.of(mechanism.everySeconds()),
                Optional.of(
                        mechanism.memory() == Memory.WARM ? CheckpointWish.Standby.WARM : CheckpointWish.Standby.COLD),
                Optional.of(rpoSeconds + mechanism.everySeconds())));
    }

    private MechanismReport report(Advice advice, GroupFacts facts, ObjectiveWish wish, boolean applied) {
        return new MechanismReport(
                agent.name(),
                kind(advice.mechanism()),
                checkpoints(advice),
                advice.achieved().rpo().toMillis(),
                advice.achieved().rto().toMillis(),
                Math.round(advice.achieved().overheadPercent() * 10) / 10.0,
                advice.missed(),
                knownFrom(advice, facts, wish),
                applied);
    }

    private String decision(Advice advice, GroupFacts facts) {
        if (!voted()) {
            return "no voters: a person decides, and the time that takes comes on top of the RTO";
        }
        if (!policy().byItself()) {
            return "the group's definition says that a person decides (failover.automatic), and the time that takes comes on top of the RTO";
        }
        return facts.personIfLossy() && !advice.mechanism().sync()
                ? "the group's definition accepts no loss (failover.acceptLoss): with a replica that lags a person decides, and the time that takes comes on top of the RTO"
                : "after the loss of a site the voters decide within %d ms"
                        .formatted(facts.fencing().toMillis());
    }

    private List<String> knownFrom(Advice advice, GroupFacts facts, ObjectiveWish wish) {
        List<String> known = new ArrayList<>();
        known.add(decision(advice, facts));
        if (advice.mechanism().memory() == Memory.NONE) {
            known.add("its machines take %d ms to boot, as was said".formatted(wish.bootMillis()));
        } else {
            known.add(facts.checkpoint()
                    .map(cost -> "the last checkpoint: %d ms of standing still, %d ms until the other site had it"
                            .formatted(cost.pause().toMillis(), cost.took().toMillis()))
                    .orElse("no checkpoint of what changed was taken yet: its cost is estimated from memory and link"));
        }
        if (advice.mechanism().sync()) {
            known.add("each flush waits for the other site, %.1f ms away"
                    .formatted(facts.roundTrip().toNanos() / 1e6));
        } else {
            known.add(facts.lag()
                    .filter(Duration::isPositive)
                    .map(lag -> "the replica lacked acknowledged writes of %d ms at worst".formatted(lag.toMillis()))
                    .orElse("how far behind an asynchronous replica would be was not measured yet: 1 s is assumed"));
        }
        boolean connected = agent.role() instanceof Serving serving
                && serving.replicator().status().connected();
        if (!connected) {
            known.add("the replica is not connected now: nothing of this holds before it is");
        }
        return known;
    }
}
