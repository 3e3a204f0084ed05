package io.godwit.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FailoverCourseTest {
    private static final Term TERM = new Term(2);

    private final List<FailoverState> kept = new ArrayList<>();
    private final CountDownLatch tried = new CountDownLatch(2);

    /** Machines can never be booted here. */
    private FailoverPort broken() {
        return (FailoverPort) Proxy.newProxyInstance(
                FailoverPort.class.getClassLoader(), new Class<?>[] {FailoverPort.class}, (self, method, arguments) -> {
                    tried.countDown();
                    throw new GodwitException(ErrorCode.FAILED, method.getName() + " does not work");
                });
    }

    @Test
    @Timeout(60)
    void whatKeepsFailingIsTriedUntilTheSiteStopsAndIsGoneOnWithLater() throws Exception {
        FailoverState booting = new FailoverState.Booting(TERM, Position.START);
        FailoverCourse course = new FailoverCourse(new GroupName("shop"), booting, broken(), kept::add);
        FutureTask<Void> running = new FutureTask<>(() -> {
            course.resume();
            return null;
        });
        Thread.ofPlatform().start(running);
        tried.await();
        course.stop();
        assertThatThrownBy(running::get).hasCauseInstanceOf(InterruptedException.class);
        assertThat(course.state()).isEqualTo(booting);
        assertThat(kept.getLast()).isEqualTo(booting);
    }

    /** Fails so many times, as a full disk does until somebody makes room. */
    private FailoverCourse.Journal failing(int times) {
        AtomicInteger left = new AtomicInteger(times);
        return next -> {
            if (left.getAndDecrement() > 0) {
                throw new UncheckedIOException(new IOException("no space left"));
            }
            kept.add(next);
        };
    }

    @Test
    void whatCannotBeWrittenDownBeforeAnythingHasChangedIsGivenUp() throws Exception {
        FailoverState deciding = new FailoverState.Deciding(TERM, Optional.empty());
        FailoverCourse course = new FailoverCourse(new GroupName("shop"), deciding, broken(), failing(2));
        course.run(TERM, Optional.empty());
        assertThat(course.state())
                .isInstanceOfSatisfying(
                        FailoverState.GivenUp.class,
                        end -> assertThat(end.reason()).contains("no space left"));
        assertThat(tried.getCount()).as("nothing was tried").isEqualTo(2);
    }

    @Test
    @Timeout(60)
    void whatCannotBeWrittenDownAfterTheDecisionIsTriedUntilItCan() throws Exception {
        FailoverState alone = new FailoverState.Alone(TERM, Position.START);
        FailoverPort followed = (FailoverPort) Proxy.newProxyInstance(
                FailoverPort.class.getClassLoader(),
                new Class<?>[] {FailoverPort.class},
                (self, method, arguments) -> new FailoverEvent.Followed());
        FailoverCourse course = new FailoverCourse(new GroupName("shop"), alone, followed, failing(2));
        course.resume();
        assertThat(kept).containsExactly(alone, new FailoverState.Completed(TERM, Position.START));
    }
}
