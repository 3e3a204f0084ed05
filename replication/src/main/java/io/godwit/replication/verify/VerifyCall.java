package io.godwit.replication.verify;

import io.godwit.core.Channel;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.volume.LogEnd;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** The source's end of the line to the replica: one question at a time. */
final class VerifyCall {
    private final DataInputStream in;
    private final DataOutputStream out;

    VerifyCall(Channel channel) {
        this.in = new DataInputStream(new BufferedInputStream(channel.input()));
        this.out = new DataOutputStream(channel.output());
    }

    /** Where the replica keeps a point. */
    Position meet(Position at, long bytesPerSecond) throws PointEndedException {
        return switch (ask(new Question.Meet(at, bytesPerSecond))) {
            case Answer.Met(Position theirs) when theirs.reaches(at) -> theirs;
            case Answer.Met _, Answer.Digests _, Answer.Records _, Answer.Ended _, Answer.Trouble _ -> throw unasked();
        };
    }

    /** The first few of those digests, at least one. */
    List<byte[]> digests(DiskName disk, int level, long first, int count) throws PointEndedException {
        return switch (ask(new Question.Digests(disk, level, first, count))) {
            case Answer.Digests(List<byte[]> digests) when digests.size() <= count -> digests;
            case Answer.Met _, Answer.Digests _, Answer.Records _, Answer.Ended _, Answer.Trouble _ -> throw unasked();
        };
    }

    /** Records of its log from there on; the first one begins there. */
    ByteBuffer records(LogEnd from) throws PointEndedException {
        return switch (ask(new Question.Records(from))) {
            case Answer.Records(ByteBuffer bytes) -> bytes;
            case Answer.Met _, Answer.Digests _, Answer.Ended _, Answer.Trouble _ -> throw unasked();
        };
    }

    private Answer ask(Question question) throws PointEndedException {
        try {
            Question.write(out, question);
            return switch (Answer.read(in)) {
                case Answer.Ended(String why) -> throw new PointEndedException(why);
                case Answer.Trouble(ErrorCode code, String sentence) ->
                    throw new GodwitException(code, "the replica: " + sentence);
                case Answer.Met met -> met;
                case Answer.Digests digests -> digests;
                case Answer.Records records -> records;
            };
        } catch (IOException broken) {
            throw new GodwitException(
                    ErrorCode.UNREACHABLE, "the replica does not answer: " + broken.getMessage(), broken);
        }
    }

    private static GodwitException unasked() {
        return new GodwitException(ErrorCode.CORRUPT, "the replica answered something else than it was asked");
    }
}
