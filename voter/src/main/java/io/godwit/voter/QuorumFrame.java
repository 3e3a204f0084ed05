package io.godwit.voter;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * One message on a channel between voters. Who opened the channel asks, the other side answers; one question at a time.
 *
 * <pre>
 *   u32 length of the body, at most 1 MiB | u8 kind | body
 * </pre>
 */
final class QuorumFrame {
    static final int MAX_BODY_BYTES = 1 << 20;
    private static final int MAX_SENTENCE_CHARS = 500;

    /** What a frame is. The code is part of the protocol. */
    enum Kind {
        /** Are you there, and who votes? Body, in both directions: the voters' names. */
        HELLO(1),
        /** Raft's RequestVote. The bodies of Raft's messages are Ratis' protocol buffers. */
        VOTE(2),
        /** Raft's AppendEntries. */
        APPEND(3),
        /** A part of a snapshot, Raft's InstallSnapshot. */
        SNAPSHOT(4),
        /** Ratis' StartLeaderElection. */
        ELECTION(5),
        /** A site's commands for the leader, JSON: {@link Asks}. */
        ASK(6),
        /** The same, passed on by a voter that hears the leader, for a site that may not. */
        PASSED_ON(7),
        /** The answer to any of these. */
        ANSWER(64),
        /** Instead of an answer: a sentence. */
        REFUSAL(65);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        private static Kind of(int code) throws IOException {
            return Arrays.stream(values())
                    .filter(kind -> kind.code == code)
                    .findFirst()
                    .orElseThrow(() -> new IOException("frames of kind %d are not known here".formatted(code)));
        }
    }

    private final Kind kind;
    private final byte[] body;

    QuorumFrame(Kind kind, byte[] body) {
        this.kind = kind;
        this.body = body;
    }

    static QuorumFrame answer(byte[] body) {
        return new QuorumFrame(Kind.ANSWER, body);
    }

    static QuorumFrame refusal(String sentence) {
        String bounded = sentence.substring(0, Math.min(sentence.length(), MAX_SENTENCE_CHARS));
        return new QuorumFrame(Kind.REFUSAL, bounded.getBytes(StandardCharsets.UTF_8));
    }

    Kind kind() {
        return kind;
    }

    byte[] body() {
        return body;
    }

    /** The body as text of the other side: no control characters, bounded. */
    String text() {
        String text = new String(body, 0, Math.min(body.length, 4 * MAX_SENTENCE_CHARS), StandardCharsets.UTF_8);
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    /** Writes and flushes. */
    void write(OutputStream out) throws IOException {
        if (body.length > MAX_BODY_BYTES) {
            throw new IOException("a frame of %d bytes is larger than any that is sent".formatted(body.length));
        }
        DataOutputStream data = new DataOutputStream(out);
        data.writeInt(body.length);
        data.writeByte(kind.code);
        data.write(body);
        data.flush();
    }

    /** The next frame; empty if the other side has ended the channel between two. */
    static Optional<QuorumFrame> read(InputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            return Optional.empty();
        }
        DataInputStream data = new DataInputStream(in);
        int length =
                first << 24 | data.readUnsignedByte() << 16 | data.readUnsignedByte() << 8 | data.readUnsignedByte();
        if (length < 0 || length > MAX_BODY_BYTES) {
            throw new IOException(
                    "a frame of %d bytes is larger than any that is sent".formatted(Integer.toUnsignedLong(length)));
        }
        Kind kind = Kind.of(data.readUnsignedByte());
        byte[] body = data.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the channel ended in the middle of a frame");
        }
        return Optional.of(new QuorumFrame(kind, body));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QuorumFrame frame && kind == frame.kind && Arrays.equals(body, frame.body);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, Arrays.hashCode(body));
    }

    @Override
    public String toString() {
        return "%s of %d bytes".formatted(kind, body.length);
    }
}
