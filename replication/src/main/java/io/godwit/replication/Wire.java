package io.godwit.replication;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.GroupStore;
import io.godwit.volume.LogEnd;
import io.godwit.volume.TermStart;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The fields that messages are made of, big-endian. Reading throws {@link GodwitException} CORRUPT on anything odd. */
final class Wire {
    /** Goes up with every change of the protocol; both sides must speak the same. */
    static final int VERSION = 3;

    private static final int MAX_SENTENCE_BYTES = 2048;
    private static final int MAX_NAME_BYTES = 32;

    private Wire() {}

    /** Reads one message from a frame's body. */
    interface Reader<T> {
        T read(ByteBuffer body);
    }

    /** Turns whatever a malformed body provokes into one refusal, and insists that all of it was read. */
    static <T> T whole(ByteBuffer body, int type, Reader<T> reader) {
        try {
            T message = reader.read(body);
            if (body.hasRemaining()) {
                throw corrupt("a message of type %d with %d bytes too many".formatted(type, body.remaining()));
            }
            return message;
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            throw corrupt("a malformed message of type " + type);
        }
    }

    static GodwitException corrupt(String what) {
        return new GodwitException(ErrorCode.CORRUPT, "the other side sent " + what);
    }

    static Position position(ByteBuffer body) {
        return new Position(body.getLong());
    }

    static LogEnd end(ByteBuffer body) {
        return new LogEnd(position(body), body.getInt());
    }

    static void putEnd(ByteBuffer into, LogEnd end) {
        into.putLong(end.position().value()).putInt(end.chain());
    }

    static Term term(ByteBuffer body) {
        return new Term(body.getLong());
    }

    static boolean flag(ByteBuffer body) {
        return body.get() != 0;
    }

    static String text(ByteBuffer body, int maxBytes) {
        int length = Short.toUnsignedInt(body.getShort());
        if (length > maxBytes) {
            throw corrupt("a text of %d bytes".formatted(length));
        }
        byte[] bytes = new byte[length];
        body.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static String name(ByteBuffer body) {
        return text(body, MAX_NAME_BYTES);
    }

    static String sentence(ByteBuffer body) {
        return text(body, MAX_SENTENCE_BYTES).replaceAll("\\p{Cntrl}", " ");
    }

    static void putText(ByteBuffer into, String text) {
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        byte[] kept = all.length > MAX_SENTENCE_BYTES ? Arrays.copyOf(all, MAX_SENTENCE_BYTES) : all;
        into.putShort((short) kept.length).put(kept);
    }

    static ErrorCode code(ByteBuffer body) {
        String name = name(body);
        for (ErrorCode code : ErrorCode.values()) {
            if (code.name().equals(name)) {
                return code;
            }
        }
        return ErrorCode.FAILED;
    }

    static List<DiskShape> disks(ByteBuffer body) {
        int count = Byte.toUnsignedInt(body.get());
        if (count < 1 || count > GroupStore.MAX_DISKS) {
            throw corrupt("a group of %d disks".formatted(count));
        }
        List<DiskShape> disks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            disks.add(new DiskShape(new DiskName(name(body)), new ByteCount(body.getLong())));
        }
        return disks;
    }

    static void putDisks(ByteBuffer into, List<DiskShape> disks) {
        into.put((byte) disks.size());
        for (DiskShape disk : disks) {
            putText(into, disk.name().value());
            into.putLong(disk.size().bytes());
        }
    }

    static Salt salt(ByteBuffer body) {
        return new Salt(body.getLong(), body.getLong());
    }

    static List<TermStart> terms(ByteBuffer body) {
        int count = Short.toUnsignedInt(body.getShort());
        if (count > TermStart.MAX_KEPT) {
            throw corrupt("the beginnings of %d terms".formatted(count));
        }
        List<TermStart> terms = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            terms.add(new TermStart(term(body), end(body)));
        }
        return terms;
    }

    static void putTerms(ByteBuffer into, List<TermStart> terms) {
        into.putShort((short) terms.size());
        for (TermStart start : terms) {
            into.putLong(start.term().value());
            putEnd(into, start.start());
        }
    }

    static DiskRun run(ByteBuffer body) {
        return new DiskRun(Byte.toUnsignedInt(body.get()), body.getLong(), body.getLong());
    }

    static void putRun(ByteBuffer into, DiskRun run) {
        into.put((byte) run.disk()).putLong(run.offset()).putLong(run.length());
    }

    static List<DiskRun> runs(ByteBuffer body) {
        int count = body.getInt();
        if (count < 0 || count > DiskRun.MAX_RUNS) {
            throw corrupt("%d runs of bytes".formatted(Integer.toUnsignedLong(count)));
        }
        List<DiskRun> runs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            runs.add(run(body));
        }
        return runs;
    }

    /** The rest of the body, which is valid as long as the frame. */
    static ByteBuffer rest(ByteBuffer body) {
        ByteBuffer rest = body.slice();
        body.position(body.limit());
        return rest;
    }

    static SeedCursor cursor(ByteBuffer body) {
        return new SeedCursor(Byte.toUnsignedInt(body.get()), body.getLong(), body.getLong());
    }

    static void putCursor(ByteBuffer into, SeedCursor cursor) {
        into.put((byte) cursor.disk()).putLong(cursor.offset()).putLong(cursor.contentBytes());
    }
}
