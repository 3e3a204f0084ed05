package io.godwit.memory;

import io.godwit.core.Channel;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Receives the RAM of a guest into a file. The QEMU that shares the file must have been started before, since its own
 * start writes there, and must not run the guest before {@link #run} has returned.
 */
public final class MemoryReceiver implements AutoCloseable {
    private final RamFile ram;
    private final Lifeline lifeline;
    private final BatchDecoder decoder;
    private final AtomicBoolean begun = new AtomicBoolean();
    private byte[] reference = {};
    private Optional<byte[]> deviceState = Optional.empty();
    private int rounds;

    /** The receiver owns the channel from here on. */
    public MemoryReceiver(RamFile ram, Channel channel, MemoryLimits limits) {
        this.ram = ram;
        this.lifeline = new Lifeline(channel, limits);
        this.decoder = new BatchDecoder(ram.memory());
    }

    /** Bytes read from the channel so far; may be asked from any thread. */
    public long wireBytes() {
        return lifeline.reader().read();
    }

    /**
     * Applies pages as they come until the sender says that it was all. Throws an IOException when the channel breaks
     * before, and a GodwitException, after telling the sender, when the sender doesn't fit or its bytes make no sense.
     * Whatever was thrown, the RAM file holds no usable state.
     */
    public ReceivedMemory run() throws IOException {
        if (begun.getAndSet(true)) {
            throw new IllegalStateException("a receiver runs once");
        }
        try (decoder) {
            greet();
            return receive();
        } catch (GodwitException fault) {
            refuse(fault);
            throw fault;
        } catch (IOException failure) {
            throw lifeline.explain(failure);
        }
    }

    private void greet() throws IOException {
        if (!(next() instanceof Frame.Hello hello)) {
            throw Corruption.found("no greeting");
        }
        Greeting.check(hello, ram);
        lifeline.writer().write(new Frame.Welcome(Frame.VERSION));
    }

    private ReceivedMemory receive() throws IOException {
        while (true) {
            switch (next()) {
                case Frame.Batch batch -> decoder.apply(batch.payload());
                case Frame.EndOfRound end -> endRound(end);
                case Frame.Reference bytes -> reference = bytes.content().unpack(new byte[0]);
                case Frame.DeviceState state ->
                    deviceState = Optional.of(state.content().unpack(reference));
                case Frame.End end -> {
                    return end(end);
                }
                case Frame.Pulse _ -> {}
                case Frame.Hello _,
                        Frame.Welcome _,
                        Frame.Refused _,
                        Frame.RoundApplied _,
                        Frame.Received _,
                        Frame.Machines _,
                        Frame.Machine _,
                        Frame.AskHeld _,
                        Frame.Held _,
                        Frame.Checkpoint _ -> throw Corruption.found("a frame that has no place there");
            }
        }
    }

    private void endRound(Frame.EndOfRound end) throws IOException {
        rounds++;
        if (end.round() != rounds) {
            throw Corruption.found("round %d where %d should end".formatted(end.round(), rounds));
        }
        requireAllPages();
        decoder.beginRound();
        lifeline.writer().write(new Frame.RoundApplied(rounds));
    }

    /** The first round brings every page, so that nothing that was in the file before remains. */
    private void requireAllPages() {
        if (decoder.changedPages() + decoder.zeroPages() < ram.pages()) {
            throw Corruption.found("a first round without all pages");
        }
    }

    private ReceivedMemory end(Frame.End end) throws IOException {
        if (end.changedPages() != decoder.changedPages() || end.zeroPages() != decoder.zeroPages() || rounds == 0) {
            throw Corruption.found("an end that doesn't fit what came before");
        }
        byte[] state = deviceState.orElseThrow(() -> Corruption.found("no device state"));
        lifeline.writer().write(new Frame.Received());
        return new ReceivedMemory(
                ByteBuffer.wrap(state),
                rounds + 1,
                decoder.changedPages(),
                decoder.zeroPages(),
                decoder.roundPages(),
                wireBytes());
    }

    private Frame next() throws IOException {
        return lifeline.reader().next();
    }

    private void refuse(GodwitException fault) {
        try {
            lifeline.writer().write(new Frame.Refused(fault.sentence()));
        } catch (IOException gone) {
            fault.addSuppressed(gone);
        }
    }

    /** Closes the channel; {@link #run} must have ended, or ends with an IOException. */
    @Override
    public void close() throws IOException {
        lifeline.close();
        if (!begun.getAndSet(true)) {
            decoder.close();
        }
    }
}
