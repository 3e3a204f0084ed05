package io.godwit.replication;

import io.godwit.core.GroupName;
import io.godwit.replication.Frames.Frame;
import io.godwit.replication.SourceMessage.Alive;
import io.godwit.replication.SourceMessage.Chunk;
import io.godwit.replication.SourceMessage.Continue;
import io.godwit.replication.SourceMessage.Hello;
import io.godwit.replication.SourceMessage.Records;
import io.godwit.replication.SourceMessage.Seed;
import io.godwit.replication.SourceMessage.SeedDone;
import io.godwit.replication.SourceMessage.SeedMark;
import io.godwit.replication.SourceMessage.Trouble;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Source messages as frames. */
final class SourceCodec {
    private static final int HELLO = 1;
    private static final int CONTINUE = 2;
    private static final int SEED = 3;
    private static final int RECORDS = 4;
    private static final int CHUNK = 5;
    private static final int SEED_MARK = 6;
    private static final int SEED_DONE = 7;
    private static final int ALIVE = 8;
    private static final int TROUBLE = 9;
    private static final int SMALL_BYTES = 8 << 10;

    private SourceCodec() {}

    static void write(Frames frames, SourceMessage message) throws IOException {
        int type = type(message);
        ByteBuffer body = ByteBuffer.allocate(SMALL_BYTES + contentBytes(message));
        encode(message, body);
        body.flip();
        frames.write(type, body);
    }

    private static int type(SourceMessage message) {
        return switch (message) {
            case Hello _ -> HELLO;
            case Continue _ -> CONTINUE;
            case Seed _ -> SEED;
            case Records _ -> RECORDS;
            case Chunk _ -> CHUNK;
            case SeedMark _ -> SEED_MARK;
            case SeedDone _ -> SEED_DONE;
            case Alive _ -> ALIVE;
            case Trouble _ -> TROUBLE;
        };
    }

    private static int contentBytes(SourceMessage message) {
        return switch (message) {
            case Records(Packed records) -> records.bytes().remaining();
            case Chunk(int disk, long offset, Packed content) -> content.bytes().remaining();
            case Hello _, Continue _, Seed _, SeedMark _, SeedDone _, Alive _, Trouble _ -> 0;
        };
    }

    private static void encode(SourceMessage message, ByteBuffer into) {
        switch (message) {
            case Hello hello -> {
                into.putShort((short) hello.version());
                Wire.putText(into, hello.group().value());
                into.putLong(hello.term().value());
                Wire.putDisks(into, hello.disks());
            }
            case Continue _ -> {}
            case Seed seed -> Wire.putEnd(into, seed.start());
            case Records records -> records.records().write(into);
            case Chunk chunk -> {
                into.put((byte) chunk.disk()).putLong(chunk.offset());
                chunk.content().write(into);
            }
            case SeedMark mark -> Wire.putCursor(into, mark.cursor());
            case SeedDone done -> into.putLong(done.complete().value());
            case Alive alive -> into.putLong(alive.stamp());
            case Trouble trouble -> {
                Wire.putText(into, trouble.code().name());
                Wire.putText(into, trouble.sentence());
            }
        }
    }

    /**
     * The message in a frame; its content is valid as long as the frame's.
     *
     * @throws io.godwit.core.GodwitException CORRUPT if there is none
     */
    static SourceMessage read(Frame frame) {
        return Wire.whole(frame.body(), frame.type(), body -> decode(frame.type(), body));
    }

    private static SourceMessage decode(int type, ByteBuffer body) {
        return switch (type) {
            case HELLO -> hello(body);
            case CONTINUE -> new Continue();
            case SEED -> new Seed(Wire.end(body));
            case RECORDS -> new Records(content(body));
            case CHUNK -> new Chunk(Byte.toUnsignedInt(body.get()), body.getLong(), content(body));
            case SEED_MARK -> new SeedMark(Wire.cursor(body));
            case SEED_DONE -> new SeedDone(Wire.position(body));
            case ALIVE -> new Alive(body.getLong());
            case TROUBLE -> new Trouble(Wire.code(body), Wire.sentence(body));
            default -> throw Wire.corrupt("a message of type " + type);
        };
    }

    /** The version stands first and decides before the rest, which another version may lay out otherwise. */
    private static Hello hello(ByteBuffer body) {
        int version = Short.toUnsignedInt(body.getShort());
        Versions.require(version);
        return new Hello(version, new GroupName(Wire.name(body)), Wire.term(body), Wire.disks(body));
    }

    private static Packed content(ByteBuffer body) {
        Packed packed = Packed.read(body);
        body.position(body.limit());
        return packed;
    }
}
