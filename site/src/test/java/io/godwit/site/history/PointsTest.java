package io.godwit.site.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.api.PointWish;
import io.godwit.api.PointsReport;
import io.godwit.core.DiskName;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.MarkName;
import io.godwit.core.Position;
import io.godwit.core.json.Json;
import io.godwit.site.history.MarkNote.Kind;
import io.godwit.volume.PointView;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People name points by position, mark or time, and can use the disks as they were there. */
class PointsTest {
    private static final MarkName UPDATE = new MarkName("before-update");

    @TempDir
    Path directory = Path.of("");

    private PastFixture past;

    @BeforeEach
    void begin() throws Exception {
        past = new PastFixture(directory);
    }

    @AfterEach
    void end() throws Exception {
        past.close();
    }

    private static PointWish at(int seconds) {
        return PointWish.at(HandClock.START.plus(Duration.ofSeconds(seconds)).plusMillis(500));
    }

    private int byteAt(PointWish wish) throws Exception {
        try (PointView view = past.store
                .history()
                .open(Points.of(past.store).find(wish, at(2_000).time().orElseThrow()))) {
            ByteBuffer one = ByteBuffer.allocate(1);
            view.read(PastFixture.ROOT, 50_000, one);
            return one.get(0);
        }
    }

    private static void assertRefused(ThrowingCallable call, String sentence) {
        assertThatThrownBy(call).isInstanceOf(GodwitException.class).hasMessageContaining(sentence);
    }

    @Test
    void theLatestMomentIsKnownHoweverMuchIsKept() throws Exception {
        assertThat(Points.of(past.store).latest()).isEmpty();
        for (int second = 1; second <= 200; second++) {
            past.write(second % 100);
            past.second();
        }
        assertThat(Points.of(past.store).times()).hasSize(60);
        assertThat(Points.of(past.store).latest()).contains(HandClock.START.plus(Duration.ofSeconds(200)));
    }

    @Test
    void aPointIsFoundByTimeByMarkAndByPositionAlsoAfterARestart() throws Exception {
        past.write(1);
        past.second();
        Position two = past.write(2);
        past.clock.goOn(Duration.ofMillis(600));
        past.chronicle.mark(UPDATE, Kind.CRASH);
        past.second();
        past.second();
        past.write(3);
        past.second();
        for (int round = 0; round < 2; round++) {
            assertThat(byteAt(at(1))).isEqualTo(1);
            assertThat(byteAt(at(2))).isEqualTo(2);
            assertThat(byteAt(at(3))).as("a quiet second").isEqualTo(2);
            assertThat(byteAt(at(1000))).isEqualTo(3);
            assertThat(byteAt(PointWish.parse("before-update"))).isEqualTo(2);
            assertThat(byteAt(PointWish.parse(two.toString()))).isEqualTo(2);
            assertThat(byteAt(PointWish.parse("newest"))).isEqualTo(3);
            assertThat(byteAt(PointWish.parse("oldest"))).isZero();
            past.restart();
        }
        assertThat(Points.of(past.store).marks())
                .extracting(PointsReport.Mark::name)
                .containsExactly(UPDATE);
    }

    @Test
    void whatIsNoPointIsRefusedInASentence() throws Exception {
        past.write(1);
        past.second();
        Points points = Points.of(past.store);
        assertRefused(() -> points.find(at(-10)), "goes back to 2026-11-24T10:00:01Z");
        assertRefused(() -> points.find(PointWish.parse("unknown")), "no mark 'unknown'");
        Instant now = HandClock.START.plusSeconds(1);
        assertRefused(() -> points.find(at(1), now), "is still to come, it is 2026-11-24T10:00:01Z now");
        assertThat(points.find(PointWish.at(now), now.minusSeconds(60)))
                .as("the owner's clock is ahead")
                .isEqualTo(points.find(PointWish.at(now), now));
        assertRefused(() -> points.find(PointWish.at(past.store.durable().plus(8))), "is not in it");
        assertRefused(() -> PointWish.parse("Ä"), "cannot name a mark");
        assertRefused(() -> new MarkName("123"), "numbers are positions");
        assertRefused(
                () -> new PointWish(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()), "one way");
    }

    @Test
    void positionsInTheMiddleOfARewindAreNoPoints() throws Exception {
        Position before = past.write(1);
        past.second();
        past.chronicle.note(MarkNote.nameless(Kind.REWINDING));
        Position middle = past.write(2);
        Points unfinished = Points.of(past.store);
        assertRefused(() -> unfinished.find(PointWish.at(middle)), "in the middle of a rewind");
        assertThat(unfinished.newest()).isGreaterThanOrEqualTo(before).isLessThan(middle);
        assertThat(byteAt(PointWish.parse("newest"))).isEqualTo(1);
        past.chronicle.note(MarkNote.nameless(Kind.REWOUND));
        past.store.awaitDurable(past.store.head());
        Points finished = Points.of(past.store);
        assertRefused(() -> finished.find(PointWish.at(middle)), "in the middle of a rewind");
        assertThat(finished.newest()).isEqualTo(past.store.durable());
        assertThat(byteAt(at(2))).isEqualTo(2);
    }

    @Test
    void aMarkIsNotMadeWhileTheLogMustNotGrow() throws Exception {
        past.chronicle.hush();
        past.write(1);
        Position head = past.store.head();
        past.second();
        assertThat(past.store.head()).isEqualTo(head);
        assertRefused(() -> past.chronicle.mark(UPDATE, Kind.CRASH), "handed over");
        past.chronicle.speak();
        past.second();
        assertThat(past.store.head()).isGreaterThan(head);
        Position quiet = past.store.head();
        past.second();
        assertThat(past.store.head()).as("nothing was written since").isEqualTo(quiet);
    }

    @Test
    void openPointsAreOfferedUntilTheyAreClosed() throws Exception {
        past.write(7);
        past.second();
        Path socket = directory.resolve("points.sock");
        Path scratch = directory.resolve("scratch");
        PointsReport.Point newest =
                Points.of(past.store).point(Points.of(past.store).newest());
        try (OpenPoints open = new OpenPoints(new GroupName("shop"), socket, scratch)) {
            PointsReport.OpenPoint read = open.open(past.store, newest, false, List.of());
            PointsReport.OpenPoint written = open.open(past.store, newest, true, List.of(PastFixture.ROOT));
            assertThat(read.exports().getFirst().uri()).isEqualTo("nbd+unix:///p1.root?socket=" + socket);
            assertThat(written.id()).isEqualTo("p2");
            assertThat(socket).exists();
            assertRefused(() -> open.open(past.store, newest, false, List.of(new DiskName("other"))), "no disk other");
            PointsReport.OpenPoint ofTest = open.openForTest(past.store, newest);
            assertThat(ofTest.test()).isTrue();
            assertRefused(() -> open.close(ofTest.id()), "'godwit failover shop --end-test' ends it");
            open.drop(ofTest.id());
            past.store.holdAt(past.store.head()).close();
            past.write(8);
            past.store.holdAt(past.store.head()).close();
            assertThat(open.list())
                    .hasSize(2)
                    .allSatisfy(point -> assertThat(point.ended())
                            .hasValueSatisfying(why -> assertThat(why).contains("had to go on")));
            open.close("p1");
            assertRefused(() -> open.close("p1"), "no open point 'p1'");
            assertThat(open.list()).extracting(PointsReport.OpenPoint::id).containsExactly("p2");
        }
        assertThat(socket).doesNotExist();
        try (var left = Files.list(scratch)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aMarkThatSomethingElseWroteSaysNothingHere() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            assertThat(MarkNote.decode(ByteBuffer.wrap(bytes))).isEmpty();
        }
        assertThat(MarkNote.decode(ByteBuffer.allocate(10_000))).isEmpty();
        assertThat(MarkNote.decode(ByteBuffer.wrap("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8))))
                .isEmpty();
        MarkNote note = MarkNote.named(UPDATE, Kind.APPLICATION);
        assertThat(MarkNote.decode(note.encode())).contains(note);
    }

    @Test
    void aReportSurvivesTheApi() {
        PointsReport.Point point =
                new PointsReport.Point(new Position(8), Optional.of(Instant.ofEpochMilli(1_700_000_000_123L)));
        assertThat(Json.read(Json.line(point), PointsReport.Point.class, "a point"))
                .isEqualTo(point);
        PointWish wish = PointWish.at(Instant.ofEpochMilli(5));
        assertThat(Json.read(Json.line(wish), PointWish.class, "a wish")).isEqualTo(wish);
    }
}
