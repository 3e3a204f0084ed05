package io.godwit.replication;

import io.godwit.core.Position;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.util.Optional;

/** The bulk copy within a session: chunks as the window allows, a mark now and then, and the end. Used by one thread. */
final class Seeding implements Bulk {
    private final GroupStore store;
    private final Frames frames;
    private final Packer packer;
    private final Sending to;
    private final SeedReport report;
    private final long markBytes;
    private final SeedSource source;
    private long markedContent;
    private Optional<Position> complete = Optional.empty();

    Seeding(Sending to, SeedCursor from) throws IOException {
        this.store = to.store();
        this.frames = to.frames();
        this.packer = to.packer();
        this.to = to;
        this.report = to.report();
        this.markBytes = to.markBytes();
        this.source = new SeedSource(store, from);
        this.markedContent = from.contentBytes();
        report.begin(Scope.COPY, from.contentBytes(), SeedSource.contentBytes(store));
    }

    @Override
    public boolean copy() throws IOException, InterruptedException {
        if (complete.isPresent() || !to.mayCopy()) {
            return false;
        }
        Optional<SeedSource.Piece> piece = source.next();
        if (piece.isEmpty()) {
            Position head = store.head();
            store.awaitDurable(head);
            complete = Optional.of(head);
            return false;
        }
        send(piece.get());
        return true;
    }

    @Override
    public boolean finish(Position shipped) throws IOException {
        if (complete.isEmpty() || !shipped.reaches(complete.get())) {
            return false;
        }
        SourceCodec.write(frames, new SourceMessage.SeedDone(complete.get()));
        return true;
    }

    private void send(SeedSource.Piece piece) throws IOException, InterruptedException {
        Packed packed = packer.pack(piece.bytes());
        SourceMessage.Chunk chunk = new SourceMessage.Chunk(piece.disk(), piece.offset(), packed);
        to.send(chunk);
        to.window().sent(chunk.bytes());
        to.sent(chunk.bytes());
        report.sent(piece.bytes().limit());
        report.reached(source.cursor().contentBytes());
        if (source.cursor().contentBytes() - markedContent >= markBytes) {
            mark();
        }
    }

    /**
     * Lets the replica note how far it is. What chunks hold must be durable here first: if we lost power and with it
     * writes that a noted chunk already reflects, no record would ever undo them over there.
     */
    private void mark() throws IOException, InterruptedException {
        store.awaitDurable(store.head());
        SourceCodec.write(frames, new SourceMessage.SeedMark(source.cursor()));
        markedContent = source.cursor().contentBytes();
    }
}
