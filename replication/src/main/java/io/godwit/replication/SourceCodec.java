package io.godwit.replication;

import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.replication.Frames.Frame;
import io.godwit.replication.SourceMessage.Alive;
import io.godwit.replication.SourceMessage.Blocks;
import io.godwit.replication.SourceMessage.Chunk;
import io.godwit.replication.SourceMessage.Clear;
import io.godwit.replication.SourceMessage.Continue;
import io.godwit.replication.SourceMessage.Digests;
import io.godwit.replication.SourceMessage.Early;
import io.godwit.replication.SourceMessage.Hello;
import io.godwit.replication.SourceMessage.Records;
import io.godwit.replication.SourceMessage.Seed;
import io.godwit.replication.SourceMessage.SeedDone;
import io.godwit.replication.SourceMessage.SeedMark;
import io.godwit.replication.SourceMessage.Trouble;
import io.godwit.replication.SourceMessage.TurnBack;
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
    private static final int TURN_BACK = 10;
    private static final int DIGESTS = 11;
    private static final int BLOCKS = 12;
    private static final int CLEAR = 13;
    private static final int EARLY = 14;
    private static final int SMALL_BYTES = 16 << 10;

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
            case Early _ -> EARLY;
            case Chunk _ -> CHUNK;
            case SeedMark _ -> SEED_MARK;
            case SeedDone _ -> SEED_DONE;
            case Alive _ -> ALIVE;
            case Trouble _ -> TROUBLE;
            case TurnBack _ -> TURN_BACK;
            case Digests _ -> DIGESTS;
            case Blocks _ -> BLOCKS;
            case Clear _ -> CLEAR;
        };
    }

    private static int contentBytes(SourceMessage message) {
        return switch (message) {
            case Records(Packed records) -> records.bytes().remaining();
            case Early early -> early.records().bytes().remaining();
            case Chunk(int disk, long offset, Packed content) -> content.bytes().remaining();
            case Blocks blocks -> blocks.content().bytes().remaining();
            case Hello _, Continue _, Seed _, TurnBack _, Digests _, Clear _ -> 0;
            case SeedMark _, SeedDone _, Alive _, Trouble _ -> 0;
        };
    }

    private static void encode(SourceMessage message, ByteBuffer into) {
        switch (message) {
            case Hello hello -> {
                into.putShort((short) hello.version());
                Wire.putText(into, hello.group().value());
                into.putLong(hello.term().value());
                Wire.putDisks(into, hello.disks());
                into.putLong(hello.salt().high()).putLong(hello.salt().low());
            }
            case Continue _ -> {}
            case Seed seed -> {
                Wire.putEnd(into, seed.start());
                Wire.putTerms(into, seed.terms());
                into.put((byte) seed.scope().code());
            }
            case TurnBack turn -> Wire.putEnd(into, turn.parting());
            case Digests ask ->
                into.put((byte) ask.disk())
                        .putLong(ask.offset())
                        .put(ask.digests().duplicate());
            case Blocks blocks -> {
                into.put((byte) blocks.disk()).putLong(blocks.offset());
                into.putLong(blocks.filled()).putLong(blocks.zeroes());
                if (blocks.filled() != 0) {
                    blocks.content().write(into);
                }
            }
            case Clear(DiskRun run) -> Wire.putRun(into, run);
            case Records records -> records.records().write(into);
            case Early early -> {
                into.putLong(early.term().value());
                into.putLong(early.from().value()).putLong(early.to().value());
                if (early.records().rawLength() > 0) {
                    early.records().write(into);
                }
            }
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
            case SEED -> new Seed(Wire.end(body), Wire.terms(body), Scope.of(body.get()));
            case TURN_BACK -> new TurnBack(Wire.end(body));
            case DIGESTS -> digests(body);
            case BLOCKS -> blocks(body);
            case CLEAR -> new Clear(Wire.run(body));
            case RECORDS -> new Records(content(body));
            case EARLY -> early(body);
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
        return new Hello(version, new GroupName(Wire.name(body)), Wire.term(body), Wire.disks(body), Wire.salt(body));
    }

    private static Early early(ByteBuffer body) {
        Term term = Wire.term(body);
        Position from = Wire.position(body);
        Position to = Wire.position(body);
        return new Early(term, from, to, body.hasRemaining() ? content(body) : Packed.NOTHING);
    }

    private static Blocks blocks(ByteBuffer body) {
        int disk = Byte.toUnsignedInt(body.get());
        long offset = body.getLong();
        long filled = body.getLong();
        long zeroes = body.getLong();
        if ((filled & zeroes) != 0) {
            throw Wire.corrupt("blocks that are zero and are not");
        }
        return new Blocks(disk, offset, filled, zeroes, filled == 0 ? Packed.NOTHING : content(body));
    }

    private static Digests digests(ByteBuffer body) {
        Digests digests = new Digests(Byte.toUnsignedInt(body.get()), body.getLong(), Wire.rest(body));
        int bytes = digests.digests().remaining();
        int ranges = digests.ranges();
        if (ranges < 1 || ranges > Digests.MAX_RANGES || bytes % BlockDigests.DIGEST_BYTES != 0) {
            throw Wire.corrupt("%d bytes of digests".formatted(bytes));
        }
        return digests;
    }

    private static Packed content(ByteBuffer body) {
        Packed packed = Packed.read(body);
        body.position(body.limit());
        return packed;
    }
}
