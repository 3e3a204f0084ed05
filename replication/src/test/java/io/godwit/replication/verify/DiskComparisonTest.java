package io.godwit.replication.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ByteCount;
import io.godwit.core.Channel;
import io.godwit.core.DiskName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.BaseLocation;
import io.godwit.volume.DigestTree;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.GroupStore;
import io.godwit.volume.PointView;
import io.godwit.volume.Role;
import io.godwit.volume.StoreLimits;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DiskComparisonTest {
    private static final DiskName ROOT = new DiskName("root");

    @TempDir
    Path directory = Path.of("");

    /** A replica that answers when a test says so. */
    private static final class SlowReplica implements Channel {
        private final Pipe asked = Pipe.open();
        private final Pipe answered = Pipe.open();
        final DataInputStream questions = new DataInputStream(Channels.newInputStream(asked.source()));
        final DataOutputStream answers = new DataOutputStream(Channels.newOutputStream(answered.sink()));

        SlowReplica() throws IOException {}

        @Override
        public InputStream input() {
            return Channels.newInputStream(answered.source());
        }

        @Override
        public OutputStream output() {
            return Channels.newOutputStream(asked.sink());
        }

        @Override
        public void close() throws IOException {
            asked.sink().close();
            asked.source().close();
            answered.sink().close();
            answered.source().close();
        }
    }

    private static <T> FutureTask<T> started(java.util.concurrent.Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        return task;
    }

    @Test
    void whereOurPointEndsTheReplicasAnswerIsHeardBeforeItIsAskedAnew() throws Exception {
        DiskSpec disk = new DiskSpec(ROOT, ByteCount.ofMiB(1), new BaseLocation.Local(directory.resolve("root.raw")));
        Path home = directory.resolve("store");
        try (GroupStore store = GroupStore.create(
                        home, List.of(disk), Role.PRIMARY, Term.FIRST, Position.START, StoreLimits.DEFAULT);
                SlowReplica replica = new SlowReplica()) {
            store.disk(ROOT).write(0, ByteBuffer.allocate(4096).put(0, (byte) 1));
            store.awaitDurable(store.head());
            VerifyCall call = new VerifyCall(replica);
            PointView point = store.history().open(store.durable());
            Meeting ended = Meeting.at(point, bytes -> {});
            point.close();
            FutureTask<?> round = started(() -> new DiskComparison(disk, ended, call).round(0, 0, 1));
            assertThat(Question.read(replica.questions)).containsInstanceOf(Question.Digests.class);
            assertThat(round).isNotDone();
            Answer.write(replica.answers, new Answer.Digests(List.of(new byte[DigestTree.DIGEST_BYTES])));
            assertThatThrownBy(round::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(PointEndedException.class);
            Position theirs = store.head();
            Answer.write(replica.answers, new Answer.Met(theirs));
            assertThat(call.meet(theirs, 1)).isEqualTo(theirs);
        }
    }
}
