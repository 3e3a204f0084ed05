package io.godwit.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.GroupStatus;
import io.godwit.api.SiteStatus;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InvariantsTest {
    private static final SiteName EAST = new SiteName("east");
    private static final SiteName WEST = new SiteName("west");
    private static final int QUESTION_MILLIS = 10;

    /** What a site says at a time about the group's owner, and of its disks' last answer. */
    private static Sight sight(SiteName site, long atMillis, SiteName owner, long term, long answeredMillisAgo) {
        long asked = Duration.ofMillis(atMillis).toNanos();
        boolean owns = site.equals(owner);
        GroupStatus group = new GroupStatus(
                new GroupName("shop"),
                owns ? "serving" : "following",
                owner,
                site.equals(EAST) ? WEST : EAST,
                new Term(term),
                5,
                Position.START,
                Position.START,
                Position.START,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new GroupStatus.Tenure(
                        owns ? "serving" : "away",
                        Optional.of(new Term(term)),
                        owns ? 2_000 : 0,
                        Optional.of(answeredMillisAgo),
                        Optional.empty(),
                        Optional.empty())),
                Optional.empty(),
                Optional.empty());
        SiteStatus status = new SiteStatus(site, "1", "", List.of(), List.of(group), List.of(), Optional.empty());
        return new Sight(site, asked, asked + Duration.ofMillis(QUESTION_MILLIS).toNanos(), status, Optional.of(group));
    }

    private static Invariant after(Invariant invariant, Sight... sights) {
        for (Sight sight : sights) {
            invariant.sees(sight);
        }
        return invariant;
    }

    @Test
    void aDiskThatAnswersInAnOlderTermAfterOneHasInANewerIsASecondWriter() {
        Invariant oneWriter = after(
                new OneWriter(),
                sight(EAST, 0, EAST, 1, 0),
                sight(EAST, 100, EAST, 1, 5),
                sight(WEST, 5_000, WEST, 2, 9_000),
                sight(WEST, 6_000, WEST, 2, 5),
                sight(EAST, 7_000, EAST, 1, 500));
        assertThat(oneWriter.broken())
                .hasValueSatisfying(sentence -> assertThat(sentence)
                        .contains("a disk at east answered in term 1", "after one at west had answered in term 2"));
    }

    @Test
    void alsoIfTheSiteHasGivenWaySince() {
        Invariant oneWriter = after(
                new OneWriter(),
                sight(EAST, 0, EAST, 1, 0),
                sight(WEST, 5_000, WEST, 2, 9_000),
                sight(WEST, 6_000, WEST, 2, 5),
                sight(EAST, 8_000, WEST, 2, 500));
        assertThat(oneWriter.broken()).isPresent();
    }

    @Test
    void anAnswerFromBeforeTheNewerTermIsNone() {
        Invariant oneWriter = after(
                new OneWriter(),
                sight(EAST, 0, EAST, 1, 0),
                sight(WEST, 5_000, WEST, 2, 9_000),
                sight(WEST, 6_000, WEST, 2, 5),
                sight(EAST, 8_000, WEST, 2, 3_500));
        assertThat(oneWriter.broken()).isEmpty();
    }

    @Test
    void whatASiteAnsweredInAnEarlierTermOfItsOwnDoesNotCountForALaterOne() {
        Invariant oneWriter = after(
                new OneWriter(),
                sight(EAST, 0, EAST, 1, 0),
                sight(EAST, 1_000, EAST, 1, 0),
                sight(WEST, 5_000, WEST, 2, 9_000),
                sight(WEST, 6_000, WEST, 2, 5),
                sight(EAST, 9_000, EAST, 3, 8_000),
                sight(WEST, 9_100, EAST, 3, 200));
        assertThat(oneWriter.broken()).isEmpty();
    }

    @Test
    void aTermIsServedByOneSite() {
        assertThat(after(new TermsHaveOneOwner(), sight(EAST, 0, EAST, 1, 0), sight(WEST, 9, WEST, 2, 0))
                        .broken())
                .isEmpty();
        assertThat(after(new TermsHaveOneOwner(), sight(EAST, 0, EAST, 2, 0), sight(WEST, 9, WEST, 2, 0))
                        .broken())
                .contains("both east and west served in term 2");
    }
}
