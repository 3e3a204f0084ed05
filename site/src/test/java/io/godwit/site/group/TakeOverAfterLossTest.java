package io.godwit.site.group;

import static io.godwit.site.group.GroupAtHome.EAST;
import static io.godwit.site.group.GroupAtHome.ROOT;
import static io.godwit.site.group.GroupAtHome.WEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.api.FailoverReport.Outcome;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.migration.FailoverEvent;
import io.godwit.migration.FailoverState;
import io.godwit.migration.Standing;
import io.godwit.site.files.SavedFailover;
import io.godwit.volume.GroupStore;
import io.godwit.volume.Role;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a group's record and store when a site takes it over, and when another site has; no machine is booted. */
@Timeout(120)
class TakeOverAfterLossTest {
    private static final Term TERM = new Term(5);

    @TempDir
    Path directory = Path.of("");

    private static FailoverActs acts(GroupAtHome group) throws Exception {
        FailoverSurvey survey = FailoverSurvey.of(group.agent(), Optional.empty());
        return new FailoverActs(group.agent(), FailoverMeasures.begin(survey.report(group.agent(), Outcome.UNDER_WAY)));
    }

    private static GroupStore store(GroupAtHome group) {
        return ((Serving) group.agent().role()).store();
    }

    private static void write(GroupStore store) throws Exception {
        Position end = store.disk(ROOT).write(0, ByteBuffer.wrap(new byte[4096]));
        store.awaitDurable(end);
    }

    @Test
    void theRecordIsTheCommitPoint() throws Exception {
        try (GroupAtHome group = new GroupAtHome(directory, WEST)) {
            FailoverActs acts = acts(group);
            assertThat(acts.lookUp(TERM)).isInstanceOf(FailoverEvent.Refused.class);
            assertThat(acts.decide(TERM)).isEqualTo(new FailoverEvent.Decided());
            assertThat(acts.lookUp(TERM)).isEqualTo(new FailoverEvent.Decided());
            assertThat(group.agent().standing()).isEqualTo(new Standing(EAST, TERM, false));
            group.restart();
            assertThat(group.agent().role()).isInstanceOf(Serving.class);
            assertThat(store(group).role()).as("nothing was promoted yet").isEqualTo(Role.REPLICA);
        }
    }

    @Test
    void theReplicaIsPromotedOnceHoweverOftenItIsTried() throws Exception {
        try (GroupAtHome group = new GroupAtHome(directory, WEST)) {
            FailoverActs acts = acts(group);
            acts.decide(TERM);
            FailoverEvent promoted = acts.promote(TERM, Optional.empty());
            assertThat(promoted).isEqualTo(new FailoverEvent.Promoted(Position.START));
            assertThat(store(group).role()).isEqualTo(Role.PRIMARY);
            write(store(group));
            group.restart();
            FailoverActs again = new FailoverActs(group.agent(), FailoverMeasures.begin(survey(group)));
            assertThat(again.promote(TERM, Optional.empty())).isEqualTo(promoted);
            assertThat(store(group).term()).isEqualTo(TERM);
        }
    }

    private static io.godwit.api.FailoverReport survey(GroupAtHome group) throws Exception {
        return FailoverSurvey.of(group.agent(), Optional.empty()).report(group.agent(), Outcome.UNDER_WAY);
    }

    @Test
    void whoIsOvertakenGoesNoFurther() throws Exception {
        try (GroupAtHome group = new GroupAtHome(directory, WEST)) {
            FailoverActs acts = acts(group);
            acts.decide(TERM);
            group.agent().succession().giveWay(new Standing(WEST, new Term(8), true));
            assertThat(group.agent().role()).isInstanceOf(Following.class);
            assertThat(acts.promote(TERM, Optional.empty())).isEqualTo(new FailoverEvent.Overtaken());
            assertThat(acts.boot(TERM)).isEqualTo(new FailoverEvent.Overtaken());
            assertThat(acts.announce(TERM)).isEqualTo(new FailoverEvent.Overtaken());
            assertThat(acts.awaitFollower(TERM)).isEqualTo(new FailoverEvent.Overtaken());
        }
    }

    @Test
    void anOwnerThatWasReplacedStopsWritingAndFollows() throws Exception {
        try (GroupAtHome group = new GroupAtHome(directory, EAST)) {
            GroupStore store = store(group);
            write(store);
            group.agent().succession().giveWay(new Standing(WEST, Term.FIRST, true));
            assertThat(store.role()).as("not by a term that is no newer").isEqualTo(Role.PRIMARY);
            group.agent().succession().giveWay(new Standing(WEST, new Term(4), true));
            assertThatThrownBy(() -> write(store)).isInstanceOf(GodwitException.class);
            assertThat(group.agent().role()).isInstanceOf(Following.class);
            assertThat(group.agent().status().trouble().orElse("")).contains("west has taken the group over in term 4");
            group.restart();
            assertThat(group.agent().standing()).isEqualTo(new Standing(WEST, new Term(4), false));
        }
    }

    @Test
    void anOwnerThatKnowsNothingServesNothingAndMayBeToldTo() throws Exception {
        try (GroupAtHome group = new GroupAtHome(directory, EAST)) {
            assertThat(group.agent().status().role()).isEqualTo("waiting");
            assertThatThrownBy(() -> group.agent().history().mark(Optional.empty(), false))
                    .hasMessageContaining("is not served");
            FailoverActs acts = acts(group);
            assertThat(acts.decide(TERM)).isEqualTo(new FailoverEvent.Decided());
            assertThat(acts.promote(TERM, Optional.empty())).isInstanceOf(FailoverEvent.Promoted.class);
            assertThat(group.agent().status().role()).isEqualTo("serving");
            assertThatThrownBy(() -> FailoverSurvey.of(group.agent(), Optional.empty()))
                    .hasMessageContaining("runs at east already");
        }
    }

    @Test
    void aFailoverSurvivesTheDaemon() throws Exception {
        try (GroupAtHome group = new GroupAtHome(directory, WEST)) {
            FailoverMeasures measures = FailoverMeasures.begin(survey(group));
            for (FailoverState state : new FailoverState[] {
                new FailoverState.Deciding(TERM, Optional.of(new Position(64))),
                new FailoverState.Promoting(TERM, Optional.empty()),
                new FailoverState.Booting(TERM, Position.START),
                new FailoverState.Announcing(TERM, Position.START),
                new FailoverState.Alone(TERM, Position.START),
                new FailoverState.Completed(TERM, Position.START),
                new FailoverState.GivenUp("the disk is full"),
                new FailoverState.Replaced()
            }) {
                measures.entered(state);
                SavedFailover saved = new SavedFailover(state, measures.beganEpochMillis(), measures.report());
                group.files().save(saved);
                assertThat(group.files().failover()).contains(saved);
            }
        }
    }
}
