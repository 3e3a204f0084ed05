package io.godwit.migration;

import static io.godwit.migration.PauseBudget.Verdict.COPY_ON;
import static io.godwit.migration.PauseBudget.Verdict.GIVE_UP;
import static io.godwit.migration.PauseBudget.Verdict.QUIESCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PauseBudgetTest {
    private final PauseBudget budget = new PauseBudget(150, 2_000, 10);

    private static List<RoundFacts> rounds(long... predictions) {
        List<RoundFacts> rounds = new ArrayList<>();
        for (long prediction : predictions) {
            rounds.add(new RoundFacts(rounds.size() + 1, 1, 1, prediction));
        }
        return rounds;
    }

    @Test
    void quiescesAsSoonAsThePauseIsShortEnough() {
        assertThat(budget.judge(rounds(4_000, 149))).isEqualTo(QUIESCE);
    }

    @Test
    void copiesOnWhileRoundsShortenThePause() {
        assertThat(budget.judge(rounds(9_000, 4_000, 2_000, 900, 400))).isEqualTo(COPY_ON);
    }

    @Test
    void acceptsALongerPauseWhenRoundsNoLongerHelp() {
        assertThat(budget.judge(rounds(4_000, 400, 410, 405, 420))).isEqualTo(QUIESCE);
    }

    @Test
    void givesUpWhenEvenTheAcceptedPauseIsOutOfReach() {
        assertThat(budget.judge(rounds(9_000, 9_000, 9_000, 9_000, 9_000, 9_000, 9_000, 9_000, 9_000)))
                .isEqualTo(COPY_ON);
        assertThat(budget.judge(rounds(9_000, 9_000, 9_000, 9_000, 9_000, 9_000, 9_000, 9_000, 9_000, 9_000)))
                .isEqualTo(GIVE_UP);
    }
}
