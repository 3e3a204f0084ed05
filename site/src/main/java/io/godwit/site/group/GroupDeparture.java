package io.godwit.site.group;

import io.godwit.api.DiskDefinition;
import io.godwit.api.ModeReport;
import io.godwit.api.MoveOptions;
import io.godwit.api.MoveReport;
import io.godwit.api.ReplicationMode;
import io.godwit.core.ByteCount;
import io.godwit.core.GroupName;
import io.godwit.migration.Phase;
import io.godwit.migration.drain.Candidate;
import io.godwit.migration.drain.MeasuredMove;
import io.godwit.migration.drain.MoveEstimate;
import io.godwit.migration.drain.MoveFacts;
import io.godwit.replication.ReplicationStatus;
import io.godwit.replication.SeedStatus;
import io.godwit.site.drain.Departing;
import io.godwit.site.move.SavedMove;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** What a drain of the site may do with a group: look at it, move it away, make it synchronous. */
public final class GroupDeparture implements Departing {
    /** Where time is short nothing is compared: that reads all memory and disks. */
    private static final MoveOptions OPTIONS = new MoveOptions(false, Optional.empty(), Optional.empty());

    private static final ReplicationMode.Wish SYNC = new ReplicationMode.Wish(
            ReplicationMode.Kind.SYNC,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** A copy of so much shows what the link carries. */
    private static final long ENOUGH_BYTES = 8 << 20;

    private final GroupAgent agent;

    public GroupDeparture(GroupAgent agent) {
        this.agent = agent;
    }

    @Override
    public GroupName name() {
        return agent.name();
    }

    @Override
    public Optional<Candidate> look(List<MeasuredMove> others) {
        boolean gone = agent.move()
                .filter(move -> !move.hasEnded() && move.phase().compareTo(Phase.COMMITTED) >= 0)
                .filter(move -> move.phase().compareTo(Phase.ABORTING) < 0)
                .isPresent();
        return agent.role() instanceof Serving serving && !gone && !agent.left()
                ? Optional.of(candidate(serving, others))
                : Optional.empty();
    }

    private Candidate candidate(Serving serving, List<MeasuredMove> others) {
        ReplicationStatus status = serving.replicator().status();
        Duration pending = serving.replicator().forecast().drain();
        Optional<Duration> firstCopy = firstCopy(status);
        MoveFacts facts =
                new MoveFacts(memory(), measured(), others, pending, firstCopy.orElse(Duration.ZERO), linkRate(status));
        return new Candidate(
                agent.name(),
                agent.peer(),
                agent.record().definition().effectivePriority(),
                MoveEstimate.of(facts),
                agent.source()
                        .obstacle(agent.peer(), OPTIONS)
                        .or(() -> firstCopy.isPresent()
                                ? Optional.empty()
                                : Optional.of("nobody can say yet when the copy of its disks at %s will be complete"
                                        .formatted(agent.peer()))),
                serving.replicator().keepsPromise(),
                unsafe(status),
                pending);
    }

    private ByteCount memory() {
        return new ByteCount(agent.record().definition().vms().stream()
                .mapToLong(vm -> vm.memory().bytes())
                .sum());
    }

    /**
     * How fast content crosses, as far as it was seen. An idle machine's log is shipped in small pieces, each of which takes a round trip: that says
     * nothing of the link, unless it was fast all the same.
     */
    private static OptionalLong linkRate(ReplicationStatus status) {
        SeedStatus seed = status.seed();
        boolean copied = !seed.byDifference() && seed.sentBytes() >= ENOUGH_BYTES && seed.bytesPerSecond() > 0;
        long delivery = status.mode().deliveryRate();
        if (copied) {
            return OptionalLong.of(Math.max(delivery, seed.bytesPerSecond()));
        }
        return delivery > MoveEstimate.ASSUMED_BYTES_PER_SECOND ? OptionalLong.of(delivery) : OptionalLong.empty();
    }

    /** How long until the replica is complete, if that is known. */
    private static Optional<Duration> firstCopy(ReplicationStatus status) {
        if (status.seeded()) {
            return Optional.of(Duration.ZERO);
        }
        SeedStatus seed = status.seed();
        return seed.paused() || seed.millisLeft().isEmpty()
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(seed.millisLeft().getAsLong()));
    }

    private static Optional<String> unsafe(ReplicationStatus status) {
        if (!status.connected()) {
            return Optional.of("its replica is not connected");
        }
        return status.seeded() ? Optional.empty() : Optional.of("its replica is not complete yet");
    }

    @Override
    public Optional<MeasuredMove> measured() {
        return agent.files().move().map(SavedMove::soFar).flatMap(GroupDeparture::measured);
    }

    static Optional<MeasuredMove> measured(MoveReport report) {
        Duration took = Duration.ofMillis(
                report.server().totalMillis() - report.storage().drainMillis());
        boolean whole = report.outcome() == MoveReport.Outcome.MIGRATED
                && report.server().memoryBytes() > 0
                && took.isPositive();
        return whole
                ? Optional.of(new MeasuredMove(new ByteCount(report.server().memoryBytes()), took))
                : Optional.empty();
    }

    @Override
    public List<String> notes(boolean leaving) {
        List<String> notes = new ArrayList<>();
        ReplicationMode elsewhere = agent.source().modeElsewhere();
        if (agent.record().definition().hasAsyncDisks()) {
            notes.add("with the site, what its replica lags of disks of class async is lost, whatever the mode: "
                    + agent.record()
                            .definition()
                            .asyncDisks()
                            .map(DiskDefinition::name)
                            .map(Object::toString)
                            .collect(Collectors.joining(", ")));
        }
        if (!leaving && !elsewhere.equals(agent.record().mode())) {
            notes.add(
                    "it is synchronous for the drain; its mode was %s: 'godwit group mode %s %s' puts it back, and a move does"
                            .formatted(
                                    ReplicationMode.word(elsewhere.kind()),
                                    agent.name(),
                                    ReplicationMode.word(elsewhere.kind())));
        }
        boolean stalls =
                Modes.policy(elsewhere).waitsForReplica() && elsewhere.whenCut() == ReplicationMode.WhenCut.STALL;
        if (leaving && stalls) {
            notes.add(
                    "its mode is %s and it stalls when cut: at %s it stands still as soon as this site is lost, until its mode is changed there"
                            .formatted(ReplicationMode.word(elsewhere.kind()), agent.peer()));
        }
        return notes;
    }

    @Override
    public ActiveDeparture depart() {
        return new ActiveDeparture(agent.source().migrate(agent.peer(), OPTIONS));
    }

    @Override
    public ModeReport synchronise() throws InterruptedException {
        ReplicationMode before = agent.source().modeElsewhere();
        ModeReport report = agent.modeChanger().change(SYNC, changing -> {});
        if (report.done()) {
            agent.source().giveBack(before);
        }
        return report;
    }
}
