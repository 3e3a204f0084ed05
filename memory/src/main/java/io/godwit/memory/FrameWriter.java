package io.godwit.memory;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** Writes whole frames to the channel; several threads may write. A frame is flushed unless it is a batch. */
final class FrameWriter {
    private static final int BUFFER_BYTES = 64 << 10;

    private final ReentrantLock lock = new ReentrantLock();
    private final DataOutputStream out;
    private final AtomicLong written = new AtomicLong();

    FrameWriter(OutputStream out) {
        this.out = new DataOutputStream(new BufferedOutputStream(out, BUFFER_BYTES));
    }

    /** Bytes written since the channel was opened. */
    long written() {
        return written.get();
    }

    void write(Frame frame) throws IOException {
        switch (frame) {
            case Frame.Hello hello -> write(FrameType.HELLO, hello(hello));
            case Frame.Welcome welcome ->
                write(FrameType.WELCOME, ByteBuffer.allocate(2).putShort((short) welcome.version()));
            case Frame.Refused refused -> write(FrameType.REFUSED, sentence(refused.sentence()));
            case Frame.Reference reference -> write(FrameType.REFERENCE, packed(reference.content()));
            case Frame.Batch batch -> write(FrameType.BATCH, batch.payload().duplicate());
            case Frame.EndOfRound end ->
                write(FrameType.END_OF_ROUND, ByteBuffer.allocate(4).putInt(end.round()));
            case Frame.RoundApplied applied ->
                write(FrameType.ROUND_APPLIED, ByteBuffer.allocate(4).putInt(applied.round()));
            case Frame.Pulse _ -> write(FrameType.PULSE, ByteBuffer.allocate(0));
            case Frame.DeviceState state -> write(FrameType.DEVICE_STATE, packed(state.content()));
            case Frame.End end ->
                write(
                        FrameType.END,
                        ByteBuffer.allocate(16).putLong(end.changedPages()).putLong(end.zeroPages()));
            case Frame.Received _ -> write(FrameType.RECEIVED, ByteBuffer.allocate(0));
            case Frame.Machines machines -> write(FrameType.MACHINES, machines(machines));
            case Frame.Machine machine ->
                write(FrameType.MACHINE, ByteBuffer.allocate(2).putShort((short) machine.index()));
            case Frame.AskHeld(long firstPage) ->
                write(FrameType.ASK_HELD, ByteBuffer.allocate(8).putLong(firstPage));
            case Frame.Held(ByteBuffer digests) ->
                write(FrameType.HELD, ByteBuffer.allocate(digests.remaining()).put(digests.duplicate()));
            case Frame.Checkpoint(CheckpointId id) ->
                write(
                        FrameType.CHECKPOINT,
                        ByteBuffer.allocate(28)
                                .putInt(id.number())
                                .putLong(id.term().value())
                                .putLong(id.position().value())
                                .putLong(id.epochMillis()));
        }
    }

    private static ByteBuffer hello(Frame.Hello hello) {
        return ByteBuffer.allocate(18)
                .putInt(FrameReader.MAGIC)
                .putShort((short) hello.version())
                .putInt(hello.pageBytes())
                .putLong(hello.ram().bytes());
    }

    private static ByteBuffer machines(Frame.Machines machines) {
        ByteBuffer bytes = ByteBuffer.allocate(FrameType.MACHINES.maxPayloadBytes)
                .putInt(FrameReader.MAGIC)
                .putShort((short) machines.version())
                .putInt(machines.pageBytes())
                .putShort((short) machines.machines().size());
        for (MachineRam machine : machines.machines()) {
            byte[] name = machine.name().value().getBytes(StandardCharsets.UTF_8);
            bytes.put((byte) name.length).put(name).putLong(machine.size().bytes());
        }
        return bytes;
    }

    private static ByteBuffer sentence(String sentence) {
        byte[] text = sentence.getBytes(StandardCharsets.UTF_8);
        byte[] fitting = Arrays.copyOf(text, Math.min(text.length, FrameType.REFUSED.maxPayloadBytes));
        return ByteBuffer.wrap(fitting).position(fitting.length);
    }

    private static ByteBuffer packed(PackedBytes content) {
        return ByteBuffer.allocate(8 + content.compressed().remaining())
                .putInt(content.plainBytes())
                .putInt(content.checksum())
                .put(content.compressed().duplicate());
    }

    /** Writes a payload that lies before the buffer's position, or, for a batch, between position and limit. */
    private void write(FrameType type, ByteBuffer payload) throws IOException {
        if (type != FrameType.BATCH) {
            payload.flip();
        }
        int length = payload.remaining();
        lock.lock();
        try {
            out.writeByte(type.code);
            out.writeInt(length);
            out.write(payload.array(), payload.arrayOffset() + payload.position(), length);
            if (type != FrameType.BATCH) {
                out.flush();
            }
            written.addAndGet(5L + length);
        } finally {
            lock.unlock();
        }
    }
}
