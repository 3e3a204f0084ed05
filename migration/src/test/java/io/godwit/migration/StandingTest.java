package io.godwit.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.migration.Standing.Verdict;
import org.junit.jupiter.api.Test;

class StandingTest {
    private static final SiteName EAST = new SiteName("east");
    private static final SiteName WEST = new SiteName("west");

    private static Standing standing(SiteName owner, long term) {
        return new Standing(owner, new Term(term), true);
    }

    @Test
    void theNewerTermIsRight() {
        assertThat(standing(EAST, 3).against(standing(WEST, 6))).isEqualTo(Verdict.REPLACED);
        assertThat(standing(WEST, 6).against(standing(EAST, 3))).isEqualTo(Verdict.MINE);
        assertThat(standing(EAST, 3).against(standing(EAST, 3))).isEqualTo(Verdict.MINE);
        assertThat(standing(EAST, 3).against(standing(EAST, 2))).isEqualTo(Verdict.MINE);
        assertThat(standing(EAST, 3).against(standing(WEST, 3))).isEqualTo(Verdict.DISPUTED);
    }

    @Test
    void twoSitesNeverTakeOverInTheSameTerm() {
        for (long one = 1; one < 40; one++) {
            for (long other = 1; other < 40; other++) {
                assertThat(Standing.takingOver(new Term(one), true))
                        .isNotEqualTo(Standing.takingOver(new Term(other), false));
            }
        }
    }

    @Test
    void aTakeOverPrevailsOverWhatTheOwnerMayHaveDoneByItself() {
        Term known = new Term(7);
        Term afterAnAbortedMove = known.next().next();
        assertThat(Standing.takingOver(known, true)).isGreaterThan(afterAnAbortedMove);
        assertThat(Standing.takingOver(known, false)).isGreaterThan(afterAnAbortedMove);
    }
}
