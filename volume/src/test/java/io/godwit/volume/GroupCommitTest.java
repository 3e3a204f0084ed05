package io.godwit.volume;

import static io.godwit.volume.GroupStoreTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ErrorCode;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.LogRecord.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupCommitTest {
    @TempDir
    Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private GroupLog log;

    private final BlockingQueue<IOException> failures = new LinkedBlockingQueue<>();

    @BeforeEach
    void makeLog() throws IOException {
        long bytes = StoreLimits.MIN_SEGMENT.bytes();
        log = new GroupLog(directory, bytes, List.of(Segment.create(directory, 0, 0, bytes)), 0, 0);
    }

    private void append() throws IOException {
        log.append(Kind.TERM, 0, 0, 0, Term.FIRST, ByteBuffer.allocateDirect(0));
    }

    @Test
    void whoeverWaitsGetsAllThereIs() throws Exception {
        try (GroupCommit commit = new GroupCommit("test", log, failures::add)) {
            commit.start();
            append();
            Position first = log.head();
            append();
            assertThat(commit.durable()).isEqualTo(Position.START);
            commit.await(first);
            assertThat(commit.durable()).isEqualTo(log.head());
            assertThat(commit.awaitBeyond(log.head(), Duration.ofMillis(1))).isFalse();
            assertThat(commit.awaitBeyond(first, Duration.ofMinutes(1))).isTrue();
            assertRefused(ErrorCode.BAD_INPUT, () -> await(commit, log.head().plus(1)));
        }
        assertThat(failures).isEmpty();
        log.close();
    }

    /** The files are taken away below it: what was not durable stays so, and everyone is told. */
    @Test
    void aFailureIsFinal() throws Exception {
        GroupCommit commit = new GroupCommit("test", log, failures::add);
        commit.start();
        append();
        log.close();
        assertRefused(ErrorCode.FAILED, () -> await(commit, log.head()));
        assertThat(failures.take()).isNotNull();
        assertRefused(ErrorCode.FAILED, () -> await(commit, log.head()));
        assertThat(commit.durable()).isEqualTo(Position.START);
        commit.close();
    }

    private static void await(GroupCommit commit, Position position) throws IOException {
        try {
            commit.await(position);
        } catch (InterruptedException unexpected) {
            throw new IOException(unexpected);
        }
    }
}
