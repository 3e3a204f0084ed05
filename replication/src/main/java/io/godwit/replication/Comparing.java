package io.godwit.replication;

import io.godwit.core.Position;
import io.godwit.replication.Beginning.Extent;
import io.godwit.replication.ReplicaMessage.Differing;
import io.godwit.volume.Disk;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * The copy by difference: digests of ranges go out, a few ahead; for each range that differs the replica answers with the
 * digests of its blocks; the blocks that differ are sent. Runs of zeroes are only named. A block that is the same counts
 * as copied at the moment at which it was read here, so that the argument for chunks holds for it.
 */
final class Comparing implements Bulk {
    /** So much may be asked about and not be answered yet: 16 MiB of the disks. */
    private static final int MAX_ASKED = 8;

    /** Ranges that were asked about; and where the walk was behind them. */
    private record Asked(int disk, long offset, int ranges, SeedCursor behind) {}

    /** An answer that is being worked off. */
    private record Answered(Asked asked, Differing differing) {}

    private final Sending to;
    private final GroupStore store;
    private final CompareWalk walk;
    private final BlockDigests digests;
    private final ByteBuffer range = ByteBuffer.allocateDirect(BlockDigests.RANGE_BYTES);
    private final ArrayDeque<Asked> asked = new ArrayDeque<>();
    private Optional<Answered> answer = Optional.empty();
    private int next;
    private SeedCursor done;
    private long marked;
    private Optional<Position> complete = Optional.empty();

    Comparing(Sending to, Extent extent, SeedCursor from) throws IOException {
        this.to = to;
        this.store = to.store();
        this.walk = new CompareWalk(store, extent.changed(), from);
        this.digests = new BlockDigests(to.salt());
        this.done = from;
        this.marked = from.contentBytes();
        to.report().begin(extent.scope(), from.contentBytes(), walk.totalBytes());
    }

    @Override
    public boolean copy() throws IOException, InterruptedException {
        if (complete.isPresent() || !to.mayCopy()) {
            return false;
        }
        if (answer.isPresent() || takeAnswer()) {
            work(answer.orElseThrow());
            return true;
        }
        if (asked.size() < MAX_ASKED && ask()) {
            return true;
        }
        if (asked.isEmpty()) {
            Position head = store.head();
            store.awaitDurable(head);
            complete = Optional.of(head);
        }
        return false;
    }

    @Override
    public boolean finish(Position shipped) throws IOException {
        if (complete.isEmpty() || !shipped.reaches(complete.get())) {
            return false;
        }
        SourceCodec.write(to.frames(), new SourceMessage.SeedDone(complete.get()));
        return true;
    }

    /** Names the next run of zeroes, or asks about the next ranges; false when there are none. */
    private boolean ask() throws IOException, InterruptedException {
        Optional<CompareWalk.Stretch> stretch = walk.next();
        if (stretch.isEmpty()) {
            return false;
        }
        DiskRun run = stretch.get().run();
        if (stretch.get().zeroes()) {
            SourceCodec.write(to.frames(), new SourceMessage.Clear(run));
            if (asked.isEmpty()) {
                reached(walk.cursor());
            }
            return true;
        }
        Disk disk = walk.disk(run.disk());
        ByteBuffer all = ByteBuffer.allocate(SourceMessage.Digests.MAX_RANGES * BlockDigests.DIGEST_BYTES);
        for (long at = run.offset(); at < run.offset() + run.length(); at += BlockDigests.RANGE_BYTES) {
            digests.add(read(disk, at), all);
        }
        SourceMessage.Digests message = new SourceMessage.Digests(run.disk(), run.offset(), all.flip());
        asked.add(new Asked(run.disk(), run.offset(), message.ranges(), walk.cursor()));
        SourceCodec.write(to.frames(), message);
        to.sent(all.remaining());
        return true;
    }

    private ByteBuffer read(Disk disk, long offset) throws IOException {
        disk.read(
                offset,
                range.clear().limit(BlockDigests.rangeBytes(offset, disk.size().bytes())));
        return range.flip();
    }

    private boolean takeAnswer() {
        Differing differing = to.answers().poll();
        if (differing == null) {
            return false;
        }
        Asked question = asked.poll();
        if (question == null || question.disk() != differing.disk() || question.offset() != differing.offset()) {
            throw Wire.corrupt("an answer about %d of disk number %d, which nobody asked about"
                    .formatted(differing.offset(), differing.disk()));
        }
        answer = Optional.of(new Answered(question, differing));
        next = 0;
        return true;
    }

    /** Goes one range further in an answer. */
    private void work(Answered current) throws IOException, InterruptedException {
        while (next < current.asked.ranges && (current.differing.ranges() & 1 << next) == 0) {
            next++;
        }
        if (next < current.asked.ranges) {
            send(current.asked, current.asked.offset + (long) next * BlockDigests.RANGE_BYTES, current.differing);
            next++;
            return;
        }
        if (current.differing.blocks().hasRemaining()) {
            throw Wire.corrupt("more digests than were asked for");
        }
        answer = Optional.empty();
        reached(current.asked.behind);
    }

    private void send(Asked question, long offset, Differing differing) throws IOException {
        ByteBuffer content = read(walk.disk(question.disk()), offset);
        int length = BlockDigests.blocks(content.remaining()) * BlockDigests.DIGEST_BYTES;
        ByteBuffer theirs = differing.blocks();
        if (theirs.remaining() < length) {
            throw Wire.corrupt("fewer digests than were asked for");
        }
        long mask = digests.differing(content, theirs.slice(theirs.position(), length));
        theirs.position(theirs.position() + length);
        if (mask != 0) {
            sendBlocks(question.disk(), offset, content, mask);
        }
    }

    private void sendBlocks(int disk, long offset, ByteBuffer content, long mask) throws IOException {
        ByteBuffer filled = ByteBuffer.allocate(content.remaining());
        long zeroes = 0;
        for (long rest = mask; rest != 0; rest &= rest - 1) {
            ByteBuffer block = BlockDigests.block(content, Long.numberOfTrailingZeros(rest));
            if (ZeroBytes.only(block)) {
                zeroes |= Long.lowestOneBit(rest);
            } else {
                filled.put(block);
            }
        }
        to.report().sent(filled.position());
        SourceMessage.Blocks blocks = new SourceMessage.Blocks(
                disk,
                offset,
                mask & ~zeroes,
                zeroes,
                mask == zeroes ? Packed.NOTHING : to.packer().pack(filled.flip()));
        to.send(blocks);
        to.sent(blocks.bytes());
        to.window().sent(blocks.bytes());
    }

    /** Everything before it was compared, and what differs was sent. */
    private void reached(SeedCursor cursor) throws IOException, InterruptedException {
        done = cursor;
        to.report().reached(done.contentBytes());
        if (done.contentBytes() - marked >= to.markBytes()) {
            store.awaitDurable(store.head());
            SourceCodec.write(to.frames(), new SourceMessage.SeedMark(done));
            marked = done.contentBytes();
        }
    }
}
