package io.godwit.site.drain;

import static io.godwit.site.tenure.Until.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.api.ApiRequest;
import io.godwit.api.DrainProgress;
import io.godwit.api.DrainReport;
import io.godwit.api.DrainReport.Fate;
import io.godwit.api.DrainReport.Outcome;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A drain from its beginning to its end, with groups that do as they are told. */
@Timeout(60)
class DrainRunTest {
    private static final SiteName EAST = new SiteName("east");
    private static final List<SiteName> PEERS = List.of(FakeGroup.WEST);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<String> diary = new CopyOnWriteArrayList<>();
    private final List<Departing> here = new CopyOnWriteArrayList<>();
    private final Map<GroupName, String> idle =
            new TreeMap<>((one, other) -> one.value().compareTo(other.value()));
    private final FakeGroup bank = group("bank", 9);
    private final FakeGroup web = group("web", 5);
    private final Drain drain = new Drain(
            EAST,
            new GroupsHere() {
                @Override
                public List<Departing> all() {
                    return here;
                }

                @Override
                public Map<GroupName, String> idle() {
                    return idle;
                }
            },
            Duration.ofMillis(20));

    private FakeGroup group(String name, int priority) {
        FakeGroup group = new FakeGroup(name, priority, diary);
        here.add(group);
        return group;
    }

    private static ApiRequest.Drain wish(int within, boolean confirmed) {
        return new ApiRequest.Drain(EAST, Optional.of(within), Optional.empty(), confirmed);
    }

    private DrainReport drain(int within) throws InterruptedException {
        DrainRun run = drain.begin(wish(within, true), PEERS);
        assertThat(run.awaitEnd(LONG)).isTrue();
        return run.report();
    }

    private static Map<String, Fate> fates(DrainReport report) {
        Map<String, Fate> fates = new TreeMap<>();
        report.groups().forEach(row -> fates.put(row.group().value(), row.fate()));
        return fates;
    }

    private static String said(DrainRun run) {
        return run.events(0).stream()
                .map(event -> event.group().map(name -> name + " ").orElse("") + event.sentence())
                .collect(Collectors.joining("; "));
    }

    @Test
    void aPlanChangesNothing() {
        DrainReport report = drain.plan(wish(600, false), PEERS);
        assertThat(report.outcome()).isEqualTo(Outcome.PLANNED);
        assertThat(report.groups()).extracting(row -> row.group().value()).containsExactly("bank", "web");
        assertThat(report.groups().getLast().beginsMillis()).contains(1_000L);
        assertThat(diary).isEmpty();
    }

    @Test
    void everyGroupLeavesInTheOrderOfPriorities() throws Exception {
        DrainReport report = drain(600);
        assertThat(report.outcome()).isEqualTo(Outcome.DRAINED);
        assertThat(diary).containsExactly("move bank", "move web");
        assertThat(report.groups())
                .allSatisfy(row -> assertThat(row.tookMillis()).isPresent());
    }

    @Test
    void whatDoesNotFitIsSynchronisedWhileTheFirstIsOnItsWay() throws Exception {
        bank.gate = new CountDownLatch(1);
        web.expected = Duration.ofHours(1);
        DrainRun run = drain.begin(wish(600, true), PEERS);
        until(
                "one is on its way, the other is safe",
                () -> diary.contains("synchronise web") && diary.contains("move bank"));
        assertThat(run.moving().orElseThrow().move().orElseThrow().phase()).isEqualTo("precopy");
        assertThat(run.report().outcome()).isEqualTo(Outcome.UNDER_WAY);
        assertThat(fates(run.report())).containsEntry("bank", Fate.MOVING);
        bank.measurable = false;
        bank.gate.countDown();
        assertThat(run.awaitEnd(LONG)).isTrue();
        assertThat(fates(run.report())).containsEntry("bank", Fate.LEFT).containsEntry("web", Fate.SYNCHRONOUS);
        assertThat(run.report().outcome()).isEqualTo(Outcome.ENDED);
        assertThat(run.report().groups().getLast().reason())
                .hasValueSatisfying(reason -> assertThat(reason).contains("a live move takes about 3600.0 s"));
    }

    @Test
    void whatFitsNowThatAMoveWasMeasuredIsMovedAfterAll() throws Exception {
        web.expected = Duration.ofHours(1);
        DrainReport report = drain(600);
        assertThat(report.outcome()).isEqualTo(Outcome.DRAINED);
        assertThat(diary).containsSubsequence("move bank", "move web");
    }

    @Test
    void aMoveThatTakesLongerThanExpectedIsMadeSafeBeforeTheDeadline() throws Exception {
        bank.gate = new CountDownLatch(1);
        DrainRun run = drain.begin(wish(600, true), PEERS);
        until("what is on its way is safe", () -> diary.contains("synchronise bank"));
        assertThat(diary).doesNotContain("synchronise web");
        bank.gate.countDown();
        assertThat(run.awaitEnd(LONG)).isTrue();
        assertThat(run.report().outcome()).isEqualTo(Outcome.DRAINED);
    }

    @Test
    void aMoveThatTakesTooLongIsNoReasonToLeaveTheOthersUnsafe() throws Exception {
        bank.gate = new CountDownLatch(1);
        bank.measurable = false;
        DrainRun run = drain.begin(wish(4, true), PEERS);
        until("both are safe", () -> diary.containsAll(List.of("synchronise web", "synchronise bank")));
        bank.gate.countDown();
        assertThat(run.awaitEnd(LONG)).isTrue();
        assertThat(fates(run.report())).containsEntry("bank", Fate.LEFT).containsEntry("web", Fate.SYNCHRONOUS);
    }

    @Test
    void whenOneFailsTheNextHasItsTurn() throws Exception {
        bank.failure = Optional.of("there is no memory at west");
        DrainReport report = drain(600);
        assertThat(diary).contains("move bank", "move web", "synchronise bank");
        assertThat(fates(report)).containsEntry("bank", Fate.SYNCHRONOUS).containsEntry("web", Fate.LEFT);
        assertThat(report.groups())
                .filteredOn(row -> row.group().equals(bank.name()))
                .first()
                .satisfies(row -> assertThat(row.reason().orElseThrow())
                        .isEqualTo("it was tried and given up: there is no memory at west"));
        bank.failure = Optional.empty();
        assertThat(drain(600).outcome()).isEqualTo(Outcome.DRAINED);
    }

    @Test
    void whatIsRefusedIsTriedOnce() throws Exception {
        bank.refusal = Optional.of("it is being rewound");
        DrainReport report = drain(600);
        assertThat(fates(report)).containsEntry("bank", Fate.SYNCHRONOUS).containsEntry("web", Fate.LEFT);
    }

    @Test
    void whatCanNeitherBeMovedNorSynchronisedIsSaidToStay() throws Exception {
        web.obstacle = Optional.of("site west cannot be reached now");
        web.unsafe = Optional.of("its replica is not connected");
        idle.put(new GroupName("lost"), "its disk is away");
        DrainReport report = drain(600);
        assertThat(report.outcome()).isEqualTo(Outcome.ENDED);
        assertThat(fates(report))
                .containsEntry("web", Fate.STAY)
                .containsEntry("bank", Fate.LEFT)
                .containsEntry("lost", Fate.STAY);
        assertThat(diary).containsExactly("move bank");
    }

    @Test
    void aMoveThatIsNotDecidedInTimeIsTakenBack() throws Exception {
        bank.gate = new CountDownLatch(1);
        DrainRun run = drain.begin(new ApiRequest.Drain(EAST, Optional.empty(), Optional.of(1), true), PEERS);
        assertThat(run.awaitEnd(LONG)).isTrue();
        assertThat(fates(run.report())).containsEntry("bank", Fate.SYNCHRONOUS).containsEntry("web", Fate.LEFT);
        assertThat(said(run)).contains("bank it stays, its move was given up", "no more patience than 1 s");
    }

    @Test
    void whenItIsStoppedTheMoveUnderWayIsFinishedAndNoOtherBegun() throws Exception {
        bank.gate = new CountDownLatch(1);
        DrainRun run = drain.begin(wish(600, true), PEERS);
        until("bank is on its way", () -> diary.contains("move bank"));
        drain.stop(EAST, PEERS);
        bank.gate.countDown();
        assertThat(run.awaitEnd(LONG)).isTrue();
        assertThat(diary).containsExactly("move bank");
        assertThat(run.report().reason()).contains("the drain was stopped");
        assertThat(fates(run.report())).containsEntry("bank", Fate.LEFT).containsEntry("web", Fate.STAY);
        assertThatThrownBy(() -> drain.stop(EAST, PEERS)).hasMessageContaining("site east is not being drained");
        assertThat(drain(600).outcome()).isEqualTo(Outcome.DRAINED);
    }

    @Test
    void whoeverAsksForOneWhileItIsUnderWayJoinsIt() throws Exception {
        bank.gate = new CountDownLatch(1);
        DrainRun run = drain.begin(wish(600, true), PEERS);
        until("bank is on its way", () -> diary.contains("move bank"));
        assertThat(drain.begin(new ApiRequest.Drain(EAST, Optional.empty(), Optional.empty(), true), PEERS))
                .isSameAs(run);
        assertThat(run.report().millisLeft().orElseThrow())
                .as("the deadline stays")
                .isPositive();
        assertThat(drain.begin(wish(1, true), PEERS)).isSameAs(run);
        until("web is safe", () -> diary.contains("synchronise web"));
        bank.gate.countDown();
        assertThat(run.awaitEnd(LONG)).isTrue();
        assertThat(run.events(0)).extracting(DrainProgress::atMillis).isSorted();
    }

    @Test
    void whatComesMeanwhileStaysAndIsTold() throws Exception {
        bank.gate = new CountDownLatch(1);
        DrainRun run = drain.begin(wish(600, true), PEERS);
        until("bank is on its way", () -> diary.contains("move bank"));
        group("late", 9);
        bank.gate.countDown();
        assertThat(run.awaitEnd(LONG)).isTrue();
        assertThat(run.report().outcome()).isEqualTo(Outcome.ENDED);
        assertThat(fates(run.report())).containsEntry("late", Fate.STAY).containsEntry("web", Fate.LEFT);
        assertThat(diary).doesNotContain("move late");
    }

    @Test
    void aSiteWithoutGroupsIsDrained() throws Exception {
        new ArrayList<>(here).forEach(group -> ((FakeGroup) group).here = false);
        assertThat(drain(600).outcome()).isEqualTo(Outcome.DRAINED);
        assertThat(drain.plan(wish(1, false), PEERS).groups()).isEmpty();
    }

    @Test
    void onlyTheSiteThatIsAskedCanBeDrained() {
        ApiRequest.Drain west = new ApiRequest.Drain(FakeGroup.WEST, Optional.empty(), Optional.empty(), true);
        assertThatThrownBy(() -> drain.begin(west, PEERS)).isInstanceOfSatisfying(GodwitException.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.CONFLICT);
            assertThat(refused.sentence()).contains("this is site east: ask the daemon of west");
        });
        ApiRequest.Drain north = new ApiRequest.Drain(new SiteName("north"), Optional.empty(), Optional.empty(), false);
        assertThatThrownBy(() -> drain.plan(north, PEERS))
                .isInstanceOfSatisfying(
                        GodwitException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NOT_FOUND));
        assertThat(diary).isEmpty();
    }
}
