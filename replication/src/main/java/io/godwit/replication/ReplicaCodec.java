package io.godwit.replication;

import io.godwit.replication.Frames.Frame;
import io.godwit.replication.ReplicaMessage.Ack;
import io.godwit.replication.ReplicaMessage.Alive;
import io.godwit.replication.ReplicaMessage.Hello;
import io.godwit.replication.ReplicaMessage.Holding;
import io.godwit.replication.ReplicaMessage.Holding.Complete;
import io.godwit.replication.ReplicaMessage.Holding.Nothing;
import io.godwit.replication.ReplicaMessage.Holding.Part;
import io.godwit.replication.ReplicaMessage.Trouble;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Replica messages as frames. */
final class ReplicaCodec {
    private static final int HELLO = 65;
    private static final int ACK = 66;
    private static final int ALIVE = 67;
    private static final int TROUBLE = 68;
    private static final int NOTHING = 0;
    private static final int PART = 1;
    private static final int COMPLETE = 2;
    private static final int MAX_BYTES = 8 << 10;

    private ReplicaCodec() {}

    static void write(Frames frames, ReplicaMessage message) throws IOException {
        ByteBuffer body = ByteBuffer.allocate(MAX_BYTES);
        int type = encode(message, body);
        frames.write(type, body.flip());
    }

    private static int encode(ReplicaMessage message, ByteBuffer into) {
        return switch (message) {
            case Hello hello -> {
                into.putShort((short) hello.version());
                encode(hello.holding(), into);
                yield HELLO;
            }
            case Ack ack -> {
                into.putLong(ack.durable().value()).putLong(ack.chunkBytes()).put((byte) (ack.complete() ? 1 : 0));
                yield ACK;
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
            case Part part -> {
                into.put((byte) PART);
                Wire.putDisks(into, part.disks());
                into.putLong(part.term().value());
                Wire.putEnd(into, part.end());
                Wire.putCursor(into, part.cursor());
            }
            case Complete complete -> {
                into.put((byte) COMPLETE);
                Wire.putDisks(into, complete.disks());
                into.putLong(complete.term().value());
                Wire.putEnd(into, complete.end());
            }
        }
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
            case ACK -> new Ack(Wire.position(body), body.getLong(), Wire.flag(body));
            case ALIVE -> new Alive(body.getLong());
            case TROUBLE -> new Trouble(Wire.code(body), Wire.sentence(body));
            default -> throw Wire.corrupt("a message of type " + type);
        };
    }

    private static Hello hello(ByteBuffer body) {
        int version = Short.toUnsignedInt(body.getShort());
        Versions.require(version);
        int holding = body.get();
        return new Hello(
                version,
                switch (holding) {
                    case NOTHING -> new Nothing();
                    case PART -> new Part(Wire.disks(body), Wire.term(body), Wire.end(body), Wire.cursor(body));
                    case COMPLETE -> new Complete(Wire.disks(body), Wire.term(body), Wire.end(body));
                    default -> throw Wire.corrupt("a replica's state " + holding);
                });
    }
}
