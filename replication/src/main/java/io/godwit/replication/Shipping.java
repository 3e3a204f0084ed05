package io.godwit.replication;

import io.godwit.core.Position;
import io.godwit.replication.Beginning.Extent;
import io.godwit.volume.LogEnd;
import io.godwit.volume.LogReader;
import io.godwit.volume.LogRecord;
import io.godwit.volume.TermStart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a source sends in one session: records as they become durable here and, while seeding, chunks of the disks in
 * between. Used by one thread, which calls {@link #turn} again and again.
 *
 * <p>Why the copy is right though guests write meanwhile: a chunk is read after the records that were sent before it,
 * so it holds all that they did; what it holds beyond them is repeated by records sent later. Once the replica's log
 * reaches what our log was when the last chunk had been read, log over copy is exactly the disk.
 */
final class Shipping {
    private static final Duration IDLE = Duration.ofMillis(100);
    private static final Duration WINDOW_CHECK = Duration.ofMillis(3);

    private static final Duration GATHERING_STEP = Duration.ofMillis(10);

    /** Records go first, but not so many that seeding stands still. */
    private static final int RECORDS_PER_CHUNK_BYTES = 4 << 20;

    private final Sending to;
    private final LogReader reader;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(Packed.MAX_RAW_BYTES);
    private final Optional<EarlyLane> early;
    private Optional<Bulk> seeding;
    private long plannedAt = System.nanoTime();

    private Shipping(Sending to, Position from, Optional<EarlyLane> early, Optional<Bulk> seeding) {
        this.to = to;
        this.reader = to.store().log().read(from);
        this.early = early;
        this.seeding = seeding;
    }

    /** Keeps the log for the replica from where it will be shipped, and tells the replica what it is going to get. */
    static Shipping begin(Beginning beginning, Sending to, Optional<EarlyLane> early)
            throws IOException, InterruptedException {
        return switch (beginning) {
            case Beginning.Resume(LogEnd from) -> {
                to.store().log().retain(Replicator.FOLLOWER, from.position());
                SourceCodec.write(to.frames(), new SourceMessage.Continue());
                yield new Shipping(to, from.position(), early, Optional.empty());
            }
            case Beginning.GoOn(LogEnd from, SeedCursor cursor, Extent extent) -> {
                to.store().log().retain(Replicator.FOLLOWER, from.position());
                SourceCodec.write(to.frames(), new SourceMessage.Continue());
                yield new Shipping(to, from.position(), early, Optional.of(bulk(to, extent, cursor)));
            }
            case Beginning.Afresh(LogEnd from, Extent extent) -> {
                to.store().log().retain(Replicator.FOLLOWER, from.position());
                List<TermStart> terms = to.store().terms().stream()
                        .filter(began -> began.start().position().compareTo(from.position()) < 0)
                        .toList();
                SourceCodec.write(to.frames(), new SourceMessage.Seed(from, terms, extent.scope()));
                yield new Shipping(to, from.position(), early, Optional.of(bulk(to, extent, SeedCursor.START)));
            }
            case Beginning.Return _ -> throw new IllegalStateException("the replica has to turn back first");
        };
    }

    private static Bulk bulk(Sending to, Extent extent, SeedCursor from) throws IOException {
        return switch (extent.scope()) {
            case COPY -> new Seeding(to, from);
            case ALL, TRACKED, TOLD -> new Comparing(to, extent, from);
        };
    }

    /** Where the next record to ship begins. */
    Position position() {
        return reader.position();
    }

    /** Sends what there is to send, or waits a moment for it. */
    void turn() throws IOException, InterruptedException {
        if (seeding.isEmpty()) {
            if (sendEarly()) {
                return;
            }
            if (gathersOn()) {
                Thread.sleep(GATHERING_STEP);
            } else if (mayShip() && reader.await(IDLE)) {
                sendSome();
            }
            return;
        }
        sendRecords();
        boolean copied = seeding.get().copy();
        if (reader.atPoint() && seeding.get().finish(reader.position())) {
            seeding = Optional.empty();
        } else if (!copied) {
            reader.await(WINDOW_CHECK);
        }
    }

    private void sendRecords() throws IOException, InterruptedException {
        int sent = 0;
        while (sent < RECORDS_PER_CHUNK_BYTES && reader.await(Duration.ZERO)) {
            sent += sendSome();
        }
    }

    /** What somebody waits for overtakes what stands before it, except in a batch. */
    private boolean sendEarly() throws IOException {
        return early.isPresent() && reader.atPoint() && early.get().send(reader.position());
    }

    private boolean mayShip() throws InterruptedException {
        return early.isEmpty() || !reader.atPoint() || early.get().mayShip(reader.position());
    }

    /** Where the link is scarce, what will be overwritten in a moment is not sent now. */
    private boolean gathersOn() {
        long gathered = to.store().head().since(reader.position()).bytes();
        Duration since = Duration.ofNanos(System.nanoTime() - plannedAt);
        return reader.mayGather() && to.batches().get().gathersOn(gathered, since);
    }

    private int sendSome() throws IOException, InterruptedException {
        gather();
        int bytes = readSome();
        if (bytes > 0) {
            Packed packed = to.packer().pack(buffer.flip());
            to.delivery().sent(System.nanoTime());
            to.send(new SourceMessage.Records(packed));
            early.ifPresent(lane -> lane.shipped(reader.position()));
        }
        return bytes;
    }

    private int readSome() throws IOException {
        if (!reader.atPoint()) {
            return reader.read(buffer.clear());
        }
        if (early.filter(EarlyLane::active).isPresent()) {
            int bytes = reader.read(buffer.clear().limit(EarlyLane.PIECE_BYTES));
            if (bytes > 0) {
                return bytes;
            }
        }
        return reader.read(buffer.clear().limit(LogRecord.MAX_BYTES));
    }

    /** Where much waits to be shipped, it crosses as a batch. */
    private void gather() throws IOException, InterruptedException {
        if (!reader.mayGather()) {
            return;
        }
        plannedAt = System.nanoTime();
        long most = to.batches().get().mostBytes();
        if (most > 0 && to.store().head().since(reader.position()).bytes() >= BatchRule.MIN_BYTES) {
            to.store().awaitDurable(to.store().head());
            to.leftOut().add(reader.gather(most));
        }
    }
}
