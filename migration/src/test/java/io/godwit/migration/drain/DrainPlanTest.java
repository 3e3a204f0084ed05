package io.godwit.migration.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.migration.drain.DrainPlan.Step;
import io.godwit.migration.drain.MoveEstimate.Basis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What leaves a site that is drained, in which order, and what becomes of the others. */
class DrainPlanTest {
    private static final Duration NOT_BUSY = Duration.ZERO;
    private static final Optional<Duration> NO_DEADLINE = Optional.empty();

    private static Candidate group(String name, int priority, int seconds) {
        return new Candidate(
                new GroupName(name),
                new SiteName("west"),
                priority,
                new MoveEstimate(Duration.ofSeconds(seconds), Basis.ASSUMED, "for this test"),
                Optional.empty(),
                false,
                Optional.empty(),
                Duration.ofSeconds(1));
    }

    private static Candidate unsafe(Candidate candidate, String reason) {
        return new Candidate(
                candidate.group(),
                candidate.to(),
                candidate.priority(),
                candidate.estimate(),
                candidate.obstacle(),
                false,
                Optional.of(reason),
                Duration.ZERO);
    }

    private static Candidate synchronous(Candidate candidate) {
        return new Candidate(
                candidate.group(),
                candidate.to(),
                candidate.priority(),
                candidate.estimate(),
                candidate.obstacle(),
                true,
                candidate.unsafe(),
                Duration.ZERO);
    }

    private static Optional<Duration> seconds(int seconds) {
        return Optional.of(Duration.ofSeconds(seconds));
    }

    private static DrainPlan plan(Optional<Duration> left, Candidate... candidates) {
        return DrainPlan.of(List.of(candidates), NOT_BUSY, left);
    }

    private static List<String> moved(DrainPlan plan) {
        return plan.moves().stream()
                .map(move -> move.candidate().group().value())
                .toList();
    }

    @Test
    void higherPrioritiesLeaveFirstAndThenWhoIsDoneSoonest() {
        DrainPlan plan = plan(
                NO_DEADLINE, group("bulk", 1, 3), group("web", 5, 20), group("cache", 5, 10), group("bank", 9, 600));
        assertThat(moved(plan)).containsExactly("bank", "cache", "web", "bulk");
        assertThat(plan.moves())
                .extracting(Step.Move::begins)
                .containsExactly(
                        Duration.ZERO, Duration.ofSeconds(600), Duration.ofSeconds(610), Duration.ofSeconds(630));
        assertThat(plan.moves().getLast().ends()).isEqualTo(Duration.ofSeconds(633));
    }

    @Test
    void whatDoesNotFitBeforeTheDeadlineIsSynchronised() {
        DrainPlan plan = plan(seconds(60), group("bank", 9, 40), group("web", 5, 40));
        assertThat(moved(plan)).containsExactly("bank");
        assertThat(plan.toSynchronise()).containsExactly(new GroupName("web"));
        assertThat(plan.steps().getLast())
                .isInstanceOfSatisfying(
                        Step.Synchronise.class,
                        step -> assertThat(step.reason())
                                .isEqualTo(
                                        "a live move takes about 40.0 s, with a reserve 48.0 s, and 20.0 s are left for it"));
    }

    @Test
    void aLargeGroupThatDoesNotFitLeavesItsTimeToSmallerOnes() {
        DrainPlan plan = plan(seconds(60), group("bank", 9, 600), group("web", 5, 40));
        assertThat(moved(plan)).containsExactly("web");
        assertThat(plan.toSynchronise()).containsExactly(new GroupName("bank"));
    }

    @Test
    void whatWouldOnlyJustFitDoesNot() {
        assertThat(moved(plan(seconds(60), group("web", 5, 50)))).containsExactly("web");
        assertThat(moved(plan(seconds(60), group("web", 5, 51)))).isEmpty();
    }

    @Test
    void theMoveUnderWayTakesItsTimeFirst() {
        List<Candidate> web = List.of(group("web", 5, 40));
        assertThat(moved(DrainPlan.of(web, Duration.ofSeconds(12), seconds(60))))
                .containsExactly("web");
        assertThat(moved(DrainPlan.of(web, Duration.ofSeconds(13), seconds(60))))
                .isEmpty();
    }

    @Test
    void afterTheDeadlineNothingIsMovedAnyMore() {
        DrainPlan plan = plan(Optional.of(Duration.ofSeconds(-3)), group("web", 5, 0));
        assertThat(moved(plan)).isEmpty();
        assertThat(plan.steps().getFirst())
                .isInstanceOfSatisfying(
                        Step.Synchronise.class,
                        step -> assertThat(step.reason()).contains("no time is left for a live move"));
    }

    @Test
    void whatCannotBeMovedIsSynchronisedAndWhatCannotEitherStays() {
        Candidate scratch = group("build", 5, 1).held("scratch disk swap holds something");
        Candidate cut = unsafe(group("web", 5, 1).held("site west cannot be reached now"), "it is not connected");
        DrainPlan plan = plan(NO_DEADLINE, scratch, cut);
        assertThat(plan.steps())
                .containsExactly(
                        new Step.Synchronise(scratch, "scratch disk swap holds something"),
                        new Step.Stay(
                                cut,
                                "site west cannot be reached now; nor can it be synchronised: it is not connected"));
    }

    @Test
    void aReplicaThatIsNotCompleteIsNoReasonNotToMove() {
        assertThat(moved(plan(seconds(60), unsafe(group("web", 5, 40), "the replica is not complete"))))
                .containsExactly("web");
    }

    @Test
    void whatIsSynchronousAlreadyIsNotSynchronisedAgain() {
        DrainPlan plan = plan(seconds(1), synchronous(group("web", 5, 40)));
        assertThat(plan.toSynchronise()).isEmpty();
        assertThat(plan.steps().getFirst()).isInstanceOf(Step.Synchronise.class);
    }

    @Test
    void theFirstObstacleIsTheOneThatIsTold() {
        Candidate held = group("web", 5, 1).held("it was tried").held("and again");
        assertThat(held.obstacle()).contains("it was tried");
    }

    @Test
    void whateverThereIsEveryGroupHasOneStepAndNoMoveEndsTooLate() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            List<Candidate> all = new ArrayList<>();
            for (int number = random.nextInt(12); number >= 0; number--) {
                Candidate group = group("g" + number, 1 + random.nextInt(9), random.nextInt(120));
                all.add(random.nextInt(4) == 0 ? group.held("for this test") : group);
            }
            Duration left = Duration.ofSeconds(random.nextInt(300) - 20);
            DrainPlan plan = DrainPlan.of(all, NOT_BUSY, Optional.of(left));
            assertThat(plan.steps())
                    .as("seed %d", seed)
                    .extracting(Step::candidate)
                    .containsExactlyElementsOf(
                            all.stream().sorted(Candidate.ORDER).toList());
            Duration clock = Duration.ZERO;
            for (Step.Move move : plan.moves()) {
                assertThat(move.begins()).as("seed %d", seed).isEqualTo(clock);
                clock = move.ends();
            }
            assertThat(clock)
                    .as("seed %d", seed)
                    .isLessThanOrEqualTo(plan.moves().isEmpty() ? clock : left);
        }
    }
}
