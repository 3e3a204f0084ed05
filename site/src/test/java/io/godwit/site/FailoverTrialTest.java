package io.godwit.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.FailoverTestReport;
import io.godwit.api.FailoverTestStatus;
import io.godwit.api.JsonLines;
import io.godwit.api.PointWish;
import io.godwit.api.PointsReport;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.json.Json;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A failover is tried out at a replica whose disk boots nothing, so that its machine runs and never answers. */
@Timeout(300)
@EnabledIfSystemProperty(named = "user.name", matches = "root", disabledReason = "namespaces need root")
class FailoverTrialTest {
    private static final GroupName SHOP = FollowingSite.SHOP;
    private static final int LONG = 3_600;

    @TempDir
    Path directory = Path.of("");

    private FollowingSite west;
    private GroupStore owner;

    @BeforeEach
    void begin() throws Exception {
        west = new FollowingSite(directory);
        owner = west.found();
        west.pair();
        west.define();
        west.ship(owner);
    }

    @AfterEach
    void end() throws Exception {
        owner.close();
        west.close();
    }

    private static ApiRequest.TestFailover order(int patienceSeconds, boolean keep) {
        return new ApiRequest.TestFailover(SHOP, Optional.empty(), Optional.empty(), patienceSeconds, keep);
    }

    private static <T> FutureTask<T> begin(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    private Optional<FailoverTestStatus> test() {
        return west.status().failoverTest();
    }

    private void awaitPhase(String phase) throws InterruptedException {
        while (test().filter(now -> now.phase().equals(phase)).isEmpty()) {
            Thread.sleep(20);
        }
    }

    private void awaitNone() throws InterruptedException {
        while (test().isPresent()) {
            Thread.sleep(20);
        }
    }

    private List<PointsReport.OpenPoint> points() {
        return ((ApiReply.Points) west.api().ask(new ApiRequest.ListPoints(SHOP)))
                .points()
                .open();
    }

    private void assertRefused(ApiRequest request, String sentence) {
        assertThatThrownBy(() -> west.api().ask(request)).isInstanceOfSatisfying(GodwitException.class, refusal -> {
            assertThat(refusal.sentence()).contains(sentence);
            assertThat(refusal.code().refused()).as(refusal.code().toString()).isTrue();
        });
    }

    private void assertNothingIsLeft() throws IOException {
        assertThat(test()).isEmpty();
        assertThat(points()).isEmpty();
        assertThat(west.group().resolve("points")).isEmptyDirectory();
        assertThat(directory.resolve("ram")).isEmptyDirectory();
        assertThat(machines()).isEmpty();
    }

    /** The processes that know of this test's directory. */
    private List<ProcessHandle> machines() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(directory + "/run"))
                        .isPresent())
                .toList();
    }

    @Test
    void aMachineThatDoesNotAnswerInTimeHasFailedAndIsEnded() throws Exception {
        FailoverTestReport report = ((ApiReply.FailoverTested) west.api().ask(order(2, false))).report();
        assertThat(report.passed()).isFalse();
        assertThat(report.kept()).isFalse();
        assertThat(report.machines())
                .singleElement()
                .satisfies(machine -> assertThat(machine.answeredMillis()).isEmpty());
        assertNothingIsLeft();
        assertThat(directory.resolve("run/shop/.trial/db/console.log"))
                .as("what it said can be looked at")
                .exists();
    }

    @Test
    void whileATestIsUpItIsShownAndKeepsItsDisksUntilItIsEnded() throws Exception {
        FutureTask<ApiReply> asked = begin(() -> west.api().ask(order(LONG, false)));
        awaitPhase("booting");
        assertThat(machines()).hasSize(1);
        assertRefused(order(1, false), "a test of group shop is under way already");
        PointsReport.OpenPoint point = points().getFirst();
        assertThat(point.test()).isTrue();
        assertThat(test().orElseThrow().openPoint()).contains(point.id());
        assertRefused(new ApiRequest.ClosePoint(SHOP, point.id()), "--end-test");
        assertThat(west.done(new ApiRequest.EndFailoverTest(SHOP))).contains("has ended");
        assertThatThrownBy(asked::get).cause().isInstanceOfSatisfying(GodwitException.class, ended -> {
            assertThat(ended.code()).isEqualTo(ErrorCode.FAILED);
            assertThat(ended.sentence()).contains("ended before it was done: --end-test");
        });
        assertNothingIsLeft();
        assertRefused(new ApiRequest.EndFailoverTest(SHOP), "there is no test of group shop");
    }

    @Test
    void whatIsKeptRunsUntilItIsEndedOrTheDaemonIs() throws Exception {
        assertThat(((ApiReply.FailoverTested) west.api().ask(order(1, true)))
                        .report()
                        .kept())
                .isTrue();
        assertThat(test().orElseThrow().phase()).isEqualTo("kept");
        assertThat(machines()).hasSize(1);
        assertRefused(order(1, false), "a test of group shop is up already");
        west.done(new ApiRequest.EndFailoverTest(SHOP));
        assertNothingIsLeft();
        west.api().ask(order(1, true));
        west.restart();
        assertNothingIsLeft();
    }

    @Test
    void whoeverGoesAwayEndsTheTestUnlessItIsToBeKept() throws Exception {
        hangUpWhenItBoots(order(LONG, false));
        awaitNone();
        assertNothingIsLeft();
        hangUpWhenItBoots(order(2, true));
        awaitPhase("kept");
        west.done(new ApiRequest.EndFailoverTest(SHOP));
        assertNothingIsLeft();
    }

    private void hangUpWhenItBoots(ApiRequest request) throws Exception {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(west.api().socket()));
            JsonLines.over(channel).write(Json.line(request));
            awaitPhase("booting");
        }
    }

    @Test
    void aPointThatIsNoneIsRefusedBeforeAnythingIsBooted() throws Exception {
        for (PointWish wish : List.of(
                PointWish.parse("no-such-mark"), PointWish.at(Instant.now().plusSeconds(3_600)))) {
            assertRefused(
                    new ApiRequest.TestFailover(SHOP, Optional.of(wish), Optional.empty(), LONG, true),
                    wish.mark().isPresent() ? "no mark" : "is still to come");
        }
        awaitNone();
        assertThat(directory.resolve("run/shop/.trial")).doesNotExist();
    }

    @Test
    void whatADaemonThatWasKilledHasLeftOnDisksIsRemovedByTheNextOne() throws Exception {
        Path points = west.group().resolve("points");
        Path place = directory.resolve("run/shop/.trial");
        west.whileStopped(() -> {
            Files.createDirectories(place.resolve("db"));
            Files.writeString(place.resolve("db/console.log"), "kernel panic");
            Files.createDirectories(points.resolve("scratch123"));
            Files.writeString(points.resolve("swap.trial"), "swapped");
        });
        assertThat(place).doesNotExist();
        try (Stream<Path> left = Files.list(points)) {
            assertThat(left).isEmpty();
        }
    }
}
