package io.godwit.replication;

import io.godwit.core.ByteCount;
import io.godwit.replication.Frames.Frame;
import io.godwit.replication.ReplicaMessage.Ack;
import io.godwit.replication.ReplicaMessage.Alive;
import io.godwit.replication.ReplicaMessage.Differing;
import io.godwit.replication.ReplicaMessage.EarlyRoom;
import io.godwit.replication.ReplicaMessage.Hello;
import io.godwit.replication.ReplicaMessage.Holding;
import io.godwit.replication.ReplicaMessage.Holding.Complete;
import io.godwit.replication.ReplicaMessage.Holding.Images;
import io.godwit.replication.ReplicaMessage.Holding.Nothing;
import io.godwit.replication.ReplicaMessage.Holding.Part;
import io.godwit.replication.ReplicaMessage.Holding.Repair;
import io.godwit.replication.ReplicaMessage.Parted;
import io.godwit.replication.ReplicaMessage.Trouble;
import io.godwit.volume.LogEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Replica messages as frames. */
final class ReplicaCodec {
    private static final int HELLO = 65;
    private static final int ACK = 66;
    private static final int ALIVE = 67;
    private static final int TROUBLE = 68;
    private static final int DIFFERING = 69;
    private static final int NOTHING = 0;
    private static final int PART = 1;
    private static final int COMPLETE = 2;
    private static final int IMAGES = 3;
    private static final int REPAIR = 4;
    private static final int SMALL_BYTES = 16 << 10;

    private ReplicaCodec() {}

    static void write(Frames frames, ReplicaMessage message) throws IOException {
        ByteBuffer body = ByteBuffer.allocate(SMALL_BYTES + contentBytes(message));
        int type = encode(message, body);
        frames.write(type, body.flip());
    }

    private static int contentBytes(ReplicaMessage message) {
        return switch (message) {
            case Differing differing -> differing.blocks().remaining();
            case Hello(int version, long batchBytes, EarlyRoom early, Complete complete) -> runBytes(complete);
            case Hello(int version, long batchBytes, EarlyRoom early, Repair repair) -> runBytes(repair.old());
            case Hello _, Ack _, Alive _, Trouble _ -> 0;
        };
    }

    private static int runBytes(Complete complete) {
        return complete.parted().map(parted -> parted.changed().size()).orElse(0) * DiskRun.BYTES;
    }

    private static int encode(ReplicaMessage message, ByteBuffer into) {
        return switch (message) {
            case Hello hello -> {
                into.putShort((short) hello.version()).putLong(hello.batchBytes());
                into.putLong(hello.early().reach().value());
                into.putLong(hello.early().held().bytes());
                into.putLong(hello.early().room().bytes());
                encode(hello.holding(), into);
                yield HELLO;
            }
            case Ack ack -> {
                into.putLong(ack.durable().value()).putLong(ack.early().value());
                into.putLong(ack.chunkBytes()).put((byte) (ack.complete() ? 1 : 0));
                yield ACK;
            }
            case Differing differing -> {
                into.put((byte) differing.disk()).putLong(differing.offset()).put((byte) differing.ranges());
                into.put(differing.blocks().duplicate());
                yield DIFFERING;
            }
            case Alive alive -> {
                into.putLong(alive.stamp());
                yield ALIVE;
            }
            case Trouble trouble -> {
                Wire.putText(into, trouble.code().name());
                Wire.putText(into, trouble.sentence());
                yield TROUBLE;
            }
        };
    }

    private static void encode(Holding holding, ByteBuffer into) {
        switch (holding) {
            case Nothing _ -> into.put((byte) NOTHING);
            case Images _ -> into.put((byte) IMAGES);
            case Part part -> {
                into.put((byte) PART);
                Wire.putDisks(into, part.disks());
                into.putLong(part.term().value());
                putProgress(part.end(), part.cursor(), part.scope(), into);
            }
            case Complete complete -> {
                into.put((byte) COMPLETE);
                putComplete(complete, into);
            }
            case Repair repair -> {
                into.put((byte) REPAIR);
                putComplete(repair.old(), into);
                putProgress(repair.end(), repair.cursor(), repair.scope(), into);
            }
        }
    }

    private static void putProgress(LogEnd end, SeedCursor cursor, Scope scope, ByteBuffer into) {
        Wire.putEnd(into, end);
        Wire.putCursor(into, cursor);
        into.put((byte) scope.code());
    }

    private static void putComplete(Complete complete, ByteBuffer into) {
        Wire.putDisks(into, complete.disks());
        into.putLong(complete.term().value());
        Wire.putEnd(into, complete.end());
        Wire.putTerms(into, complete.terms());
        into.put((byte) (complete.parted().isPresent() ? 1 : 0));
        complete.parted().ifPresent(parted -> {
            Wire.putEnd(into, parted.at());
            into.put((byte) (parted.known() ? 1 : 0));
            into.putInt(parted.changed().size());
            parted.changed().forEach(run -> Wire.putRun(into, run));
        });
    }

    /**
     * The message in a frame.
     *
     * @throws io.godwit.core.GodwitException CORRUPT if there is none
     */
    static ReplicaMessage read(Frame frame) {
        return Wire.whole(frame.body(), frame.type(), body -> decode(frame.type(), body));
    }

    private static ReplicaMessage decode(int type, ByteBuffer body) {
        return switch (type) {
            case HELLO -> hello(body);
            case ACK -> new Ack(Wire.position(body), Wire.position(body), body.getLong(), Wire.flag(body));
            case DIFFERING -> differing(body);
            case ALIVE -> new Alive(body.getLong());
            case TROUBLE -> new Trouble(Wire.code(body), Wire.sentence(body));
            default -> throw Wire.corrupt("a message of type " + type);
        };
    }

    private static Hello hello(ByteBuffer body) {
        int version = Short.toUnsignedInt(body.getShort());
        Versions.require(version);
        long batchBytes = body.getLong();
        EarlyRoom early =
                new EarlyRoom(Wire.position(body), new ByteCount(body.getLong()), new ByteCount(body.getLong()));
        int holding = body.get();
        return new Hello(
                version,
                batchBytes,
                early,
                switch (holding) {
                    case NOTHING -> new Nothing();
                    case IMAGES -> new Images();
                    case PART ->
                        new Part(Wire.disks(body), Wire.term(body), Wire.end(body), Wire.cursor(body), scope(body));
                    case COMPLETE -> complete(body);
                    case REPAIR -> new Repair(complete(body), Wire.end(body), Wire.cursor(body), scope(body));
                    default -> throw Wire.corrupt("a replica's state " + holding);
                });
    }

    private static Scope scope(ByteBuffer body) {
        return Scope.of(body.get());
    }

    private static Complete complete(ByteBuffer body) {
        return new Complete(Wire.disks(body), Wire.term(body), Wire.end(body), Wire.terms(body), parted(body));
    }

    private static Optional<Parted> parted(ByteBuffer body) {
        return Wire.flag(body)
                ? Optional.of(new Parted(Wire.end(body), Wire.flag(body), Wire.runs(body)))
                : Optional.empty();
    }

    private static Differing differing(ByteBuffer body) {
        return new Differing(
                Byte.toUnsignedInt(body.get()), body.getLong(), Byte.toUnsignedInt(body.get()), Wire.rest(body));
    }
}
