package io.godwit.replication.verify;

import io.godwit.core.Channel;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.volume.GroupStore;
import io.godwit.volume.LogEnd;
import io.godwit.volume.LogRecord;
import io.godwit.volume.PointView;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** The replica's side of a comparison: answers one source, question by question, until it hangs up. For one thread. */
public final class VerifyDesk implements AutoCloseable {
    /** So long the replica may need for getting what the source had when it asked. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final GroupStore store;
    private Optional<Meeting> meeting = Optional.empty();

    private VerifyDesk(GroupStore store) {
        this.store = store;
    }

    /**
     * Answers until the source hangs up.
     *
     * @param store of a complete replica
     */
    public static void serve(Channel channel, GroupStore store) throws IOException, InterruptedException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(channel.input()));
        DataOutputStream out = new DataOutputStream(channel.output());
        try (VerifyDesk desk = new VerifyDesk(store)) {
            for (Optional<Question> question = Question.read(in); question.isPresent(); question = Question.read(in)) {
                Answer.write(out, desk.answer(question.get()));
            }
        } catch (GodwitException refused) {
            Answer.write(out, new Answer.Trouble(refused.code(), refused.sentence()));
        }
    }

    private Answer answer(Question question) throws IOException, InterruptedException {
        try {
            return switch (question) {
                case Question.Meet meet -> new Answer.Met(meet(meet));
                case Question.Digests(var disk, int level, long first, int count) -> {
                    Meeting now = meeting.orElseThrow(
                            () -> new GodwitException(ErrorCode.BAD_INPUT, "digests of no point were asked for"));
                    yield new Answer.Digests(now.digests(disk, level, first, count));
                }
                case Question.Records(LogEnd from) -> new Answer.Records(records(from));
            };
        } catch (PointEndedException ended) {
            return new Answer.Ended(ended.why());
        }
    }

    private ByteBuffer records(LogEnd from) throws IOException {
        if (from.position().compareTo(store.tail()) < 0 || !store.durable().reaches(from.position())) {
            throw new GodwitException(
                    ErrorCode.NOT_FOUND,
                    "its log goes from %s to %s: what stood at %s is not in it"
                            .formatted(store.tail(), store.durable(), from.position()));
        }
        if (!store.log().holds(from)) {
            throw new GodwitException(
                    ErrorCode.CONFLICT, "its log has another history before %s".formatted(from.position()));
        }
        ByteBuffer records = ByteBuffer.allocate(LogRecord.MAX_BYTES);
        store.log().read(from.position()).read(records);
        if (records.flip().remaining() == 0) {
            throw new GodwitException(ErrorCode.NOT_FOUND, "its log ends at " + from.position());
        }
        return records;
    }

    private Position meet(Question.Meet meet) throws IOException, InterruptedException {
        close();
        PointView point = pointAt(meet.at());
        meeting = Optional.of(Meeting.at(point, new RateLimit(meet.bytesPerSecond())));
        return point.position();
    }

    /** The newest point; if that is before {@code due}, the one there, which it holds within reach until it has come. */
    private PointView pointAt(Position due) throws IOException, InterruptedException {
        PointView newest = Meeting.newest(store);
        if (newest.position().reaches(due)) {
            return newest;
        }
        try {
            awaitDurable(due);
            return store.history().open(due);
        } finally {
            newest.close();
        }
    }

    private void awaitDurable(Position position) throws InterruptedException {
        Position before = new Position(position.value() - 1);
        if (!store.awaitDurableBeyond(before, PATIENCE)) {
            throw new GodwitException(
                    ErrorCode.UNREACHABLE,
                    "the replica has not got as far as the source within %d s: it ends at %s, the source at %s"
                            .formatted(PATIENCE.toSeconds(), store.durable(), position));
        }
    }

    @Override
    public void close() {
        meeting.ifPresent(Meeting::close);
        meeting = Optional.empty();
    }
}
