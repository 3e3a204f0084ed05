package io.godwit.memory;

import io.godwit.core.Channel;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Receives checkpoints of a group's machines. What belongs to one is put aside until all of it is here; then the {@link CheckpointKeeper} has it
 * take the place of the last one. So there is a whole checkpoint at any time but for the moment of that change.
 */
public final class CheckpointReceiver implements AutoCloseable {
    /** A checkpoint holds each page at most twice, and its batches little besides. */
    private static final long SPOOL_FACTOR = 3;

    private final Lifeline lifeline;
    private final Path spoolFile;
    private final CheckpointKeeper keeper;
    private int number;

    /**
     * Takes the channel over.
     *
     * @param spool a file that may be written over and is removed again
     */
    public CheckpointReceiver(Channel channel, MemoryLimits limits, Path spool, CheckpointKeeper keeper) {
        this.lifeline = new Lifeline(channel, limits);
        this.spoolFile = spool;
        this.keeper = keeper;
    }

    /** One machine's part. */
    private static final class Lane implements AutoCloseable {
        private final RamFile image;
        private final BatchDecoder decoder;
        private byte[] reference = {};
        private byte[] deviceState = {};
        private long digestedPages;

        Lane(RamFile image) {
            this.image = image;
            this.decoder = new BatchDecoder(image.memory());
        }

        @Override
        public void close() {
            decoder.close();
        }
    }

    /**
     * Receives until the channel ends, with an IOException that says how; a GodwitException, after telling the sender, when the sender doesn't fit
     * or its bytes make no sense.
     */
    public void run() throws IOException, InterruptedException {
        try {
            List<RamFile> images = greet();
            receive(images);
        } catch (GodwitException fault) {
            refuse(fault);
            throw fault;
        } catch (IOException failure) {
            throw lifeline.explain(failure);
        }
    }

    private List<RamFile> greet() throws IOException, InterruptedException {
        if (!(lifeline.reader().next() instanceof Frame.Machines hello)) {
            throw Corruption.found("no greeting");
        }
        Greeting.check(hello);
        List<RamFile> images = keeper.images(hello.machines());
        lifeline.writer().write(new Frame.Welcome(Frame.Machines.VERSION));
        return images;
    }

    private void receive(List<RamFile> images) throws IOException, InterruptedException {
        List<Lane> lanes = new ArrayList<>();
        long ramBytes = images.stream().mapToLong(image -> image.size().bytes()).sum();
        try (Spool spool = new Spool(spoolFile, SPOOL_FACTOR * ramBytes)) {
            images.forEach(image -> lanes.add(new Lane(image)));
            receive(lanes, spool);
        } finally {
            lanes.forEach(Lane::close);
        }
    }

    private void receive(List<Lane> lanes, Spool spool) throws IOException, InterruptedException {
        int machine = 0;
        while (true) {
            switch (lifeline.reader().next()) {
                case Frame.Machine(int index) when index < lanes.size() -> machine = index;
                case Frame.Reference bytes ->
                    lanes.get(machine).reference = bytes.content().unpack(new byte[0]);
                case Frame.AskHeld(long first) -> lifeline.writer().write(held(lanes.get(machine), first));
                case Frame.Batch batch -> spool.add(machine, batch.payload());
                case Frame.DeviceState state ->
                    lanes.get(machine).deviceState = state.content().unpack(lanes.get(machine).reference);
                case Frame.Checkpoint(CheckpointId id) -> keep(id, lanes, spool);
                case Frame.Pulse _ -> {}
                case Frame.Machine _,
                        Frame.Machines _,
                        Frame.Hello _,
                        Frame.Welcome _,
                        Frame.Refused _,
                        Frame.EndOfRound _,
                        Frame.RoundApplied _,
                        Frame.Held _,
                        Frame.End _,
                        Frame.Received _ -> throw Corruption.found("a frame that has no place there");
            }
        }
    }

    /** What the image has of an earlier checkpoint. A page that was told of need not come with the first one. */
    private Frame held(Lane lane, long first) throws IOException {
        if (number > 0 || first != lane.digestedPages) {
            throw Corruption.found("a question that has no place there");
        }
        byte[] digests = keeper.imagesAreWhole() ? HeldPages.digests(lane.image.memory(), first) : new byte[0];
        lane.digestedPages += digests.length / HeldPages.DIGEST_BYTES;
        return new Frame.Held(ByteBuffer.wrap(digests));
    }

    private void keep(CheckpointId id, List<Lane> lanes, Spool spool) throws IOException, InterruptedException {
        number++;
        if (id.number() != number) {
            throw Corruption.found("checkpoint %d where %d should be".formatted(id.number(), number));
        }
        List<byte[]> states = new ArrayList<>();
        for (Lane lane : lanes) {
            if (lane.deviceState.length == 0) {
                throw Corruption.found("a checkpoint without a device state");
            }
            states.add(lane.deviceState);
            lane.deviceState = new byte[0];
        }
        spool.complete();
        keeper.replace(id, states, () -> apply(lanes, spool));
        lifeline.writer().write(new Frame.RoundApplied(number));
    }

    private void apply(List<Lane> lanes, Spool spool) throws IOException {
        spool.drain((machine, payload) -> lanes.get(machine).decoder.apply(payload));
        if (number == 1) {
            lanes.forEach(CheckpointReceiver::requireAllPages);
        }
    }

    /** The first checkpoint brings every page that the sender wasn't told of, so that nothing remains in the image of which it doesn't know. */
    private static void requireAllPages(Lane lane) {
        BitSet known = lane.decoder.roundPages();
        known.set(0, Math.toIntExact(lane.digestedPages));
        if (known.cardinality() < lane.image.pages()) {
            throw Corruption.found("a first checkpoint without all pages");
        }
    }

    private void refuse(GodwitException fault) {
        try {
            lifeline.writer().write(new Frame.Refused(fault.sentence()));
        } catch (IOException gone) {
            fault.addSuppressed(gone);
        }
    }

    /** Ends the channel; {@link #run} ends with an IOException. */
    @Override
    public void close() throws IOException {
        lifeline.close();
    }
}
