package io.godwit.site.move;

import io.godwit.api.MoveReport;
import io.godwit.api.MoveReport.Moment;
import io.godwit.migration.MoveRecord;
import io.godwit.migration.MoveState;
import io.godwit.migration.Phase;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a move shows of itself while it goes on; becomes its report. */
final class MoveMeasures {
    private final Clock clock;
    private final long beganEpochMillis;
    private final List<Moment> timeline = new ArrayList<>();
    private @Nullable Phase lastPhase;
    private MoveReport.Server server = MoveReport.Server.NONE;
    private MoveReport.Storage storage = MoveReport.Storage.NONE;
    private MoveReport.Network network = MoveReport.Network.NONE;

    MoveMeasures(Clock clock) {
        this.clock = clock;
        this.beganEpochMillis = clock.millis();
    }

    /** Goes on with what an earlier process had measured. */
    MoveMeasures(Clock clock, SavedMove saved) {
        this.clock = clock;
        this.beganEpochMillis = saved.beganEpochMillis();
        timeline.addAll(saved.soFar().timeline());
        server = saved.soFar().server();
        storage = saved.soFar().storage();
        network = saved.soFar().network();
    }

    long beganEpochMillis() {
        return beganEpochMillis;
    }

    long elapsedMillis() {
        return Math.max(0, clock.millis() - beganEpochMillis);
    }

    /** Notes the beginning of a phase, once. */
    synchronized void entered(Phase phase) {
        if (phase != lastPhase) {
            lastPhase = phase;
            moment(phase.word());
        }
    }

    synchronized void moment(String event) {
        timeline.add(new Moment(elapsedMillis(), event));
    }

    synchronized void server(UnaryOperator<MoveReport.Server> change) {
        server = change.apply(server);
    }

    synchronized void storage(UnaryOperator<MoveReport.Storage> change) {
        storage = change.apply(storage);
    }

    synchronized void network(UnaryOperator<MoveReport.Network> change) {
        network = change.apply(network);
    }

    synchronized MoveReport.Storage storage() {
        return storage;
    }

    synchronized MoveReport.Server server() {
        return server;
    }

    synchronized MoveReport report(MoveRecord move) {
        boolean moved = move.state() instanceof MoveState.Completed || move.state() instanceof MoveState.Settling;
        Optional<String> reason =
                move.state() instanceof MoveState.Aborted(String why) ? Optional.of(why) : Optional.empty();
        return new MoveReport(
                move.id().value(),
                move.group(),
                move.from(),
                move.to(),
                moved ? MoveReport.Outcome.MIGRATED : MoveReport.Outcome.ABORTED,
                reason,
                moved ? move.to() : move.from(),
                server,
                storage,
                network,
                timeline);
    }
}
