package io.godwit.site.drain;

import io.godwit.api.ModeReport;
import io.godwit.api.MoveProgress;
import io.godwit.api.ReplicationMode;
import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.migration.drain.Candidate;
import io.godwit.migration.drain.MeasuredMove;
import io.godwit.migration.drain.MoveEstimate;
import io.godwit.migration.drain.MoveEstimate.Basis;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A group without machines, disks or another site: it does what a test has laid out, and has it written down in one diary. */
final class FakeGroup implements Departing {
    static final SiteName WEST = new SiteName("west");

    private final GroupName name;
    private final int priority;
    private final List<String> diary;
    volatile Duration expected = Duration.ofSeconds(1);
    volatile boolean measurable = true;
    volatile Optional<String> obstacle = Optional.empty();
    volatile Optional<String> unsafe = Optional.empty();
    volatile boolean here = true;
    volatile boolean synchronous;
    volatile Optional<String> failure = Optional.empty();
    volatile Optional<String> refusal = Optional.empty();
    /** Its move is decided when this is open. */
    volatile CountDownLatch gate = new CountDownLatch(0);

    FakeGroup(String name, int priority, List<String> diary) {
        this.name = new GroupName(name);
        this.priority = priority;
        this.diary = diary;
    }

    @Override
    public GroupName name() {
        return name;
    }

    @Override
    public Optional<Candidate> look(List<MeasuredMove> others) {
        Duration told = others.isEmpty() ? expected : others.getFirst().took();
        return here
                ? Optional.of(new Candidate(
                        name,
                        WEST,
                        priority,
                        new MoveEstimate(told, Basis.ASSUMED, "for this test"),
                        obstacle,
                        synchronous,
                        unsafe,
                        Duration.ZERO))
                : Optional.empty();
    }

    @Override
    public Optional<MeasuredMove> measured() {
        return Optional.empty();
    }

    @Override
    public List<String> notes(boolean leaving) {
        return List.of();
    }

    @Override
    public Departure depart() {
        refusal.ifPresent(sentence -> {
            throw new GodwitException(ErrorCode.CONFLICT, sentence);
        });
        diary.add("move " + name);
        return new Leaving();
    }

    @Override
    public ModeReport synchronise() {
        synchronous = true;
        diary.add("synchronise " + name);
        return new ModeReport(
                name, ReplicationMode.Kind.ASYNC, ReplicationMode.Kind.SYNC, true, 10, 10, ByteCount.ZERO, "");
    }

    private final class Leaving implements Departure {
        private volatile Optional<String> takenBack = Optional.empty();

        @Override
        public boolean awaitDecided(Duration atMost) throws InterruptedException {
            boolean decided = takenBack.isPresent() || gate.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
            if (decided && hasLeft()) {
                here = false;
            }
            return decided;
        }

        @Override
        public boolean hasLeft() {
            return takenBack.isEmpty() && failure.isEmpty();
        }

        @Override
        public void takeBack(String reason) {
            takenBack = Optional.of(reason);
        }

        @Override
        public MoveProgress progress() {
            return new MoveProgress(name, "precopy", 1, 1, 1, 1, 1, OptionalLong.empty(), "");
        }

        @Override
        public Optional<MeasuredMove> measured() {
            return hasLeft() && measurable
                    ? Optional.of(new MeasuredMove(ByteCount.ofMiB(64), Duration.ofMillis(100)))
                    : Optional.empty();
        }

        @Override
        public String outcome() {
            return takenBack.or(() -> failure).orElse("its machines were paused for 1 ms");
        }
    }
}
