package io.godwit.memory;

import io.godwit.core.ByteCount;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads frames from the channel. Each type has its own bound; memory is taken as bytes arrive, not as they are
 * announced. Bytes that are no frame throw a {@code CORRUPT} GodwitException, the channel's end an EOFException.
 */
final class FrameReader {
    /** "GWRM": the first four bytes of the first payload. */
    static final int MAGIC = 0x4757524d;

    /** So much memory is taken on the word of a peer; more only when that much has come. */
    private static final int TRUSTED_BYTES = 1 << 20;

    private final DataInputStream in;
    private final AtomicLong read = new AtomicLong();

    FrameReader(InputStream in) {
        this.in = new DataInputStream(in);
    }

    /** Bytes read since the channel was opened. */
    long read() {
        return read.get();
    }

    Frame next() throws IOException {
        FrameType type = FrameType.of(in.readUnsignedByte());
        int length = in.readInt();
        if (length < 0 || length > type.maxPayloadBytes) {
            throw Corruption.found("a frame %s of %d bytes".formatted(type, length));
        }
        Frame frame = decode(type, ByteBuffer.wrap(payload(length)));
        read.addAndGet(5L + length);
        return frame;
    }

    private byte[] payload(int length) throws IOException {
        byte[] payload = new byte[Math.min(length, TRUSTED_BYTES)];
        in.readFully(payload);
        for (int have = payload.length; have < length; have = payload.length) {
            payload = Arrays.copyOf(payload, Math.min(length, 2 * have));
            in.readFully(payload, have, payload.length - have);
        }
        return payload;
    }

    /** Decodes one payload; all of it must be used. */
    static Frame decode(FrameType type, ByteBuffer payload) {
        try {
            Frame frame = fields(type, payload);
            if (payload.hasRemaining() && !(frame instanceof Frame.Batch)) {
                throw Corruption.found("%d bytes too many in a frame %s".formatted(payload.remaining(), type));
            }
            return frame;
        } catch (BufferUnderflowException _) {
            throw Corruption.found("a frame %s that is too short".formatted(type));
        }
    }

    private static Frame fields(FrameType type, ByteBuffer payload) {
        return switch (type) {
            case HELLO -> hello(payload);
            case WELCOME -> new Frame.Welcome(Short.toUnsignedInt(payload.getShort()));
            case REFUSED -> new Frame.Refused(sentence(payload));
            case REFERENCE -> new Frame.Reference(packed(payload));
            case BATCH -> new Frame.Batch(payload);
            case END_OF_ROUND -> new Frame.EndOfRound(payload.getInt());
            case ROUND_APPLIED -> new Frame.RoundApplied(payload.getInt());
            case PULSE -> new Frame.Pulse();
            case DEVICE_STATE -> new Frame.DeviceState(packed(payload));
            case END -> new Frame.End(payload.getLong(), payload.getLong());
            case RECEIVED -> new Frame.Received();
            case MACHINES -> machines(payload);
            case MACHINE -> new Frame.Machine(Short.toUnsignedInt(payload.getShort()));
            case CHECKPOINT -> new Frame.Checkpoint(checkpoint(payload));
            case ASK_HELD -> new Frame.AskHeld(page(payload));
            case HELD -> new Frame.Held(digests(payload));
        };
    }

    private static Frame hello(ByteBuffer payload) {
        if (payload.getInt() != MAGIC) {
            throw Corruption.found("no greeting");
        }
        int version = Short.toUnsignedInt(payload.getShort());
        int pageBytes = payload.getInt();
        long ram = payload.getLong();
        if (ram < 0) {
            throw Corruption.found("a RAM size of %d bytes".formatted(ram));
        }
        return new Frame.Hello(version, pageBytes, new ByteCount(ram));
    }

    private static Frame machines(ByteBuffer payload) {
        if (payload.getInt() != MAGIC) {
            throw Corruption.found("no greeting");
        }
        int version = Short.toUnsignedInt(payload.getShort());
        int pageBytes = payload.getInt();
        int count = Short.toUnsignedInt(payload.getShort());
        if (count == 0 || count > Frame.Machines.MOST) {
            throw Corruption.found("checkpoints of %d machines".formatted(count));
        }
        List<MachineRam> machines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            machines.add(machine(payload));
        }
        return new Frame.Machines(version, pageBytes, machines);
    }

    private static MachineRam machine(ByteBuffer payload) {
        byte[] name = new byte[Byte.toUnsignedInt(payload.get())];
        payload.get(name);
        long ram = payload.getLong();
        try {
            return new MachineRam(new VmName(new String(name, StandardCharsets.UTF_8)), new ByteCount(ram));
        } catch (IllegalArgumentException | GodwitException senseless) {
            throw Corruption.found("a machine that can't be: " + senseless.getMessage());
        }
    }

    private static CheckpointId checkpoint(ByteBuffer payload) {
        int number = payload.getInt();
        long term = payload.getLong();
        long position = payload.getLong();
        long epochMillis = payload.getLong();
        if (number < 1 || term < 1 || position < 0) {
            throw Corruption.found("checkpoint %d of term %d at %d".formatted(number, term, position));
        }
        return new CheckpointId(number, new Term(term), new Position(position), epochMillis);
    }

    private static long page(ByteBuffer payload) {
        long page = payload.getLong();
        if (page < 0) {
            throw Corruption.found("page " + page);
        }
        return page;
    }

    private static ByteBuffer digests(ByteBuffer payload) {
        if (payload.remaining() % HeldPages.DIGEST_BYTES != 0) {
            throw Corruption.found("digests of %d bytes".formatted(payload.remaining()));
        }
        ByteBuffer digests = payload.slice();
        payload.position(payload.limit());
        return digests;
    }

    private static String sentence(ByteBuffer payload) {
        return StandardCharsets.UTF_8.decode(payload).toString();
    }

    private static PackedBytes packed(ByteBuffer payload) {
        int plainBytes = payload.getInt();
        int checksum = payload.getInt();
        ByteBuffer rest = payload.slice();
        payload.position(payload.limit());
        return new PackedBytes(plainBytes, checksum, rest);
    }
}
