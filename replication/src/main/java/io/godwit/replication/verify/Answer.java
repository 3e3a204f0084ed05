package io.godwit.replication.verify;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.volume.DigestTree;
import io.godwit.volume.LogRecord;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the replica answers. Layout: docs/verify.md. */
sealed interface Answer {
    int MET = 65;
    int DIGESTS = 66;
    int ENDED = 67;
    int TROUBLE = 68;
    int RECORDS = 69;
    int MOST_SENTENCE_BYTES = 2048;

    /** A point is kept at this position, not before the one that was asked for. */
    record Met(Position at) implements Answer {}

    record Digests(List<byte[]> digests) implements Answer {}

    /** Whole records, one after the other, as they stand in the log. */
    record Records(ByteBuffer bytes) implements Answer {}

    /** The point had to be given up: meet anew. */
    record Ended(String why) implements Answer {}

    record Trouble(ErrorCode code, String sentence) implements Answer {}

    static void write(DataOutputStream out, Answer answer) throws IOException {
        switch (answer) {
            case Met(Position at) -> {
                out.writeByte(MET);
                out.writeLong(at.value());
            }
            case Digests(List<byte[]> digests) -> {
                out.writeByte(DIGESTS);
                out.writeShort(digests.size());
                for (byte[] digest : digests) {
                    out.write(digest);
                }
            }
            case Records(ByteBuffer bytes) -> {
                out.writeByte(RECORDS);
                out.writeInt(bytes.remaining());
                out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
            }
            case Ended(String why) -> {
                out.writeByte(ENDED);
                writeText(out, why);
            }
            case Trouble(ErrorCode code, String sentence) -> {
                out.writeByte(TROUBLE);
                writeText(out, code.name());
                writeText(out, sentence);
            }
        }
        out.flush();
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        byte[] kept = all.length > MOST_SENTENCE_BYTES ? Arrays.copyOf(all, MOST_SENTENCE_BYTES) : all;
        out.writeShort(kept.length);
        out.write(kept);
    }

    /**
     * The next answer.
     *
     * @throws GodwitException CORRUPT if that is none
     */
    static Answer read(DataInputStream in) throws IOException {
        try {
            int type = in.readUnsignedByte();
            return switch (type) {
                case MET -> new Met(new Position(in.readLong()));
                case DIGESTS -> new Digests(digests(in));
                case RECORDS -> new Records(records(in));
                case ENDED -> new Ended(text(in));
                case TROUBLE -> new Trouble(code(text(in)), text(in));
                default -> throw corrupt("type " + type);
            };
        } catch (EOFException cut) {
            throw new IOException("the replica hung up", cut);
        } catch (IllegalArgumentException odd) {
            throw corrupt(String.valueOf(odd.getMessage()));
        }
    }

    private static List<byte[]> digests(DataInputStream in) throws IOException {
        int count = in.readUnsignedShort();
        if (count < 1 || count > Question.MOST_DIGESTS) {
            throw corrupt("%d digests".formatted(count));
        }
        List<byte[]> digests = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte[] digest = new byte[DigestTree.DIGEST_BYTES];
            in.readFully(digest);
            digests.add(digest);
        }
        return digests;
    }

    private static ByteBuffer records(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < LogRecord.HEADER_BYTES || length > LogRecord.MAX_BYTES) {
            throw corrupt("%d bytes of records".formatted(length));
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readUnsignedShort();
        if (length > MOST_SENTENCE_BYTES) {
            throw corrupt("a text of %d bytes".formatted(length));
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", " ");
    }

    private static ErrorCode code(String name) {
        for (ErrorCode code : ErrorCode.values()) {
            if (code.name().equals(name)) {
                return code;
            }
        }
        return ErrorCode.FAILED;
    }

    private static GodwitException corrupt(String what) {
        return new GodwitException(ErrorCode.CORRUPT, "the replica sent something that is no answer: " + what);
    }
}
