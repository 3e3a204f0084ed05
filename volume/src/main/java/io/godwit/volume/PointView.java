package io.godwit.volume;

import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.volume.LogRecord.Kind;
import io.godwit.volume.Overlay.Piece;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A group's disks as they were at one position, read from the base images and the log without copying anything. Guests
 * and replication go on meanwhile. When the log needs its room, or the images must go on, the view ends by itself:
 * reading is then refused with CONFLICT and the reason, never answered wrongly. Used by many threads.
 *
 * <p>While the view is open the images may come up to its position, but not beyond. So where a record that the index
 * names was applied and reclaimed, the image holds its content: no later record up to the position changed those bytes.
 */
public final class PointView implements AutoCloseable {
    private final GroupLog log;
    private final Applier applier;
    private final PointHold hold;
    private final List<DiskLayers> disks;

    private PointView(GroupLog log, Applier applier, PointHold hold, List<DiskLayers> disks) {
        this.log = log;
        this.applier = applier;
        this.hold = hold;
        this.disks = disks;
    }

    static PointView open(GroupLog log, Applier applier, List<DiskLayers> bases, Position position) throws IOException {
        PointHold hold = applier.holdPoint(position);
        try {
            List<DiskSpec> specs = bases.stream().map(DiskLayers::spec).toList();
            List<Overlay> index = index(log, applier, hold, specs);
            List<DiskLayers> disks = IntStream.range(0, bases.size())
                    .mapToObj(disk -> new DiskLayers(bases.get(disk).base(), index.get(disk)))
                    .toList();
            return new PointView(log, applier, hold, disks);
        } catch (IOException | RuntimeException failed) {
            applier.release(hold);
            throw failed;
        }
    }

    /** What is reclaimed during the search was applied by then, so that there is less to search the next time. */
    private static List<Overlay> index(GroupLog log, Applier applier, PointHold hold, List<DiskSpec> disks)
            throws IOException {
        while (true) {
            hold.requireOpen();
            var found = PointIndex.of(log, disks, applier.applied(), hold.position());
            if (found.isPresent()) {
                return found.get();
            }
        }
    }

    public Position position() {
        return hold.position();
    }

    /** Why it can't be read any more, if so. */
    public Optional<String> ended() {
        return hold.why();
    }

    public List<PointDisk> disks() {
        return disks.stream().map(disk -> new PointDisk(this, disk.spec())).toList();
    }

    public PointDisk disk(DiskName name) {
        return new PointDisk(this, layers(name).spec());
    }

    /** Which bytes of the disks records between here and {@code end}, a later end of a record, have changed. */
    public List<DiskRange> changedUpTo(Position end) throws IOException {
        List<DiskSpec> specs = disks.stream().map(DiskLayers::spec).toList();
        Optional<List<Overlay>> index = PointIndex.of(log, specs, hold.position(), end);
        hold.requireOpen();
        List<DiskRange> ranges = new ArrayList<>();
        for (int disk = 0; disk < specs.size(); disk++) {
            for (Piece piece : index.orElseThrow().get(disk).all()) {
                join(ranges, new DiskRange(specs.get(disk).name(), piece.offset(), piece.length()));
            }
        }
        return ranges;
    }

    private static void join(List<DiskRange> ranges, DiskRange next) {
        if (!ranges.isEmpty()
                && ranges.getLast().disk().equals(next.disk())
                && ranges.getLast().end() == next.offset()) {
            DiskRange last = ranges.removeLast();
            ranges.add(new DiskRange(next.disk(), last.offset(), last.length() + next.length()));
        } else {
            ranges.add(next);
        }
    }

    /** Whether it can still be read. */
    public boolean isOpen() {
        return !hold.ended();
    }

    /**
     * Fills {@code into} with a disk's bytes from {@code offset} on, as they were.
     *
     * @throws GodwitException CONFLICT if the view has ended, NOT_FOUND if there is no such disk, BAD_INPUT if the
     *     range isn't within it
     */
    public void read(DiskName disk, long offset, ByteBuffer into) throws IOException {
        DiskLayers layers = layers(disk, offset, into.remaining());
        whileOpen(() -> read(layers, offset, into));
    }

    /** What the bytes of a range were, run by run: see {@link BlockDevice#extents}. */
    List<DiskExtent> extents(DiskName disk, long offset, long length, int limit) throws IOException {
        DiskLayers layers = layers(disk, offset, length);
        List<DiskExtent> runs = new ArrayList<>();
        whileOpen(() -> runs.addAll(ExtentRuns.of(layers, offset, length, limit)));
        return runs;
    }

    void prefetch(DiskName disk, long offset, long length) throws IOException {
        layers(disk, offset, length).base().prefetch(offset, length);
    }

    /** Something that looks at the disks. */
    private interface Look {
        void run() throws IOException;
    }

    /** What was seen counts if the images had not passed the position by then. */
    private void whileOpen(Look look) throws IOException {
        try {
            look.run();
        } catch (IOException failed) {
            hold.requireOpen();
            throw failed;
        }
        hold.requireOpen();
    }

    private DiskLayers layers(DiskName disk, long offset, long length) {
        DiskLayers layers = layers(disk);
        long size = layers.spec().size().bytes();
        if (offset < 0 || length < 0 || offset > size - length) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "%d bytes at %d are not within disk %s of %d bytes".formatted(length, offset, disk, size));
        }
        return layers;
    }

    private DiskLayers layers(DiskName name) {
        return disks.stream()
                .filter(disk -> disk.spec().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new GodwitException(ErrorCode.NOT_FOUND, "the group has no disk " + name));
    }

    private void read(DiskLayers disk, long offset, ByteBuffer into) throws IOException {
        int begin = into.position();
        int limit = into.limit();
        long at = offset;
        for (Piece piece : disk.overlay().within(offset, offset + into.remaining())) {
            disk.base().read(at, into.limit(begin + (int) (piece.offset() - offset)));
            readPiece(disk, piece, into.limit(begin + (int) (piece.end() - offset)));
            at = piece.end();
        }
        disk.base().read(at, into.limit(limit));
    }

    private void readPiece(DiskLayers disk, Piece piece, ByteBuffer into) throws IOException {
        if (piece.kind() != Kind.WRITE) {
            Zeroes.fill(into);
            return;
        }
        int begin = into.position();
        if (!log.read(piece.payload(), into)) {
            disk.base().read(piece.offset(), into.position(begin));
        }
    }

    @Override
    public void close() {
        applier.release(hold);
    }
}
