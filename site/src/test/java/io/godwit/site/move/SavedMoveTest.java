package io.godwit.site.move;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.MoveOptions;
import io.godwit.api.MoveReport;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.core.json.Json;
import io.godwit.migration.MoveId;
import io.godwit.migration.MoveRecord;
import io.godwit.migration.MoveState;
import io.godwit.migration.RoundFacts;
import io.godwit.migration.Subsystem;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SavedMoveTest {
    private static final MoveRecord MOVE = new MoveRecord(
            MoveId.fresh(),
            new GroupName("shop"),
            new SiteName("east"),
            new SiteName("west"),
            new MoveState.Preparing(Set.of()));

    private final MoveMeasures measures = new MoveMeasures(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

    @Test
    void everyStateIsFoundAgainAfterARestart() {
        List<MoveState> states = List.of(
                new MoveState.Preparing(Set.of(Subsystem.SERVER)),
                new MoveState.Draining(),
                new MoveState.Synchronous(),
                new MoveState.PreCopying(List.of(new RoundFacts(1, 2, 3, 4))),
                new MoveState.Quiescing(),
                new MoveState.Fenced(new Term(2), new Position(4096)),
                new MoveState.Offered(new Term(2), new Position(4096)),
                new MoveState.Settling(new Term(2), new Position(4096)),
                new MoveState.Completed(new Term(2)),
                new MoveState.Aborting("the link was lost"),
                new MoveState.Aborted("the link was lost"));
        for (MoveState state : states) {
            MoveRecord move = MOVE.with(state);
            SavedMove saved =
                    new SavedMove(move, MoveOptions.DEFAULT, 0, Optional.of("10.255.0.2"), measures.report(move));
            assertThat(Json.read(Json.pretty(saved), SavedMove.class, "the move"))
                    .isEqualTo(saved);
        }
    }

    @Test
    void theReportSaysWhereTheServiceIs() {
        MoveReport moved = measures.report(MOVE.with(new MoveState.Settling(new Term(2), Position.START)));
        assertThat(moved.outcome()).isEqualTo(MoveReport.Outcome.MIGRATED);
        assertThat(moved.serving()).isEqualTo(new SiteName("west"));
        MoveReport stayed = measures.report(MOVE.with(new MoveState.Aborted("the link was lost")));
        assertThat(stayed.outcome()).isEqualTo(MoveReport.Outcome.ABORTED);
        assertThat(stayed.serving()).isEqualTo(new SiteName("east"));
        assertThat(stayed.reason()).contains("the link was lost");
    }
}
