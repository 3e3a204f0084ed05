package io.godwit.site.history;

import io.godwit.core.ByteCount;
import io.godwit.core.DurableFile;
import io.godwit.core.MarkName;
import io.godwit.core.Position;
import io.godwit.core.json.Json;
import io.godwit.site.history.MarkNote.Kind;
import io.godwit.volume.Disk;
import io.godwit.volume.DiskRange;
import io.godwit.volume.DurabilityRule;
import io.godwit.volume.GroupStore;
import io.godwit.volume.PointView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Gives a group's disks the content they had at a point, as a new part of the log: replicas follow by ordinary records, and
 * what was there before stays in the history. In two steps, with nobody writing meanwhile:
 *
 * <ol>
 *   <li>{@link #prepare} puts a mark at the end of the log, everything that has to be written into {@code rewind.data}, and
 *       then the decision into {@code rewind.json}. Before that file is there, nothing has happened.
 *   <li>{@link #finish} writes all of it into the log, between two marks, and removes the files. Whatever stops it, it is done
 *       again from the beginning: it needs neither the history nor what an earlier try has written.
 * </ol>
 */
public final class Rewind {
    private final Path data;
    private final DurableFile decision;

    /**
     * The decision.
     *
     * @param begun whether something of it may have been written to the disks
     */
    public record Decided(
            Position to, Position from, MarkName undo, ByteCount written, int checksum, Optional<Boolean> begun) {
        private Decided asBegun() {
            return new Decided(to, from, undo, written, checksum, Optional.of(true));
        }
    }

    /** @param directory of the group */
    public Rewind(Path directory) {
        this.data = directory.resolve("rewind.data");
        this.decision = new DurableFile(directory.resolve("rewind.json"));
    }

    /** The rewind that was decided and isn't finished. */
    public Optional<Decided> decided() throws IOException {
        return decision.read()
                .map(bytes -> Json.read(bytes, Decided.class, decision.path().toString()));
    }

    /** Decides to go back to the view's position; nobody may write to the disks from before until it is finished. */
    public Decided prepare(GroupStore store, Chronicle chronicle, PointView view, MarkName undo)
            throws IOException, InterruptedException {
        Position from = chronicle.note(MarkNote.named(undo, Kind.BEFORE_REWIND));
        store.awaitDurable(from);
        List<DiskRange> ranges = view.changedUpTo(from);
        int checksum = RewindData.write(data, store, view, ranges);
        Decided decided = new Decided(view.position(), from, undo, bytes(ranges), checksum, Optional.empty());
        write(decided);
        return decided;
    }

    private void write(Decided decided) throws IOException {
        decision.write(Json.pretty(decided).getBytes(StandardCharsets.UTF_8));
    }

    /** Takes a decision back, unless it was begun; returns whether the disks stay as they were when it was taken. */
    public boolean revoke() throws IOException {
        boolean untouched = decided().filter(known -> known.begun().isEmpty()).isPresent();
        if (untouched) {
            drop();
        }
        return untouched;
    }

    /** Forgets what was prepared, if it wasn't decided. */
    public void forget() throws IOException {
        if (decided().isEmpty()) {
            Files.deleteIfExists(data);
        }
    }

    /** Forgets everything, also what was decided. */
    public void drop() throws IOException {
        decision.delete();
        Files.deleteIfExists(data);
    }

    public static ByteCount bytes(List<DiskRange> ranges) {
        return new ByteCount(ranges.stream().mapToLong(DiskRange::length).sum());
    }

    /** Does what was decided. */
    public void finish(GroupStore store, Chronicle chronicle, DurabilityRule rule)
            throws IOException, InterruptedException {
        Optional<Decided> decided = decided();
        if (decided.isEmpty()) {
            return;
        }
        RewindData.check(data, decided.get().checksum());
        write(decided.get().asBegun());
        chronicle.note(MarkNote.nameless(Kind.REWINDING));
        RewindData.read(data, new Writer(store, rule));
        store.awaitDurable(chronicle.note(MarkNote.nameless(Kind.REWOUND)));
        decision.delete();
        Files.deleteIfExists(data);
    }

    /** Writes to the disks like a guest, held back as guests are. */
    private record Writer(GroupStore store, DurabilityRule rule) implements RewindData.Sink {
        private Disk disk(int number) {
            return store.disk(store.disks().get(number).name());
        }

        @Override
        public void write(int disk, long offset, ByteBuffer content) throws IOException, InterruptedException {
            rule.admit(content.remaining());
            disk(disk).write(offset, content);
        }

        @Override
        public void zero(int disk, long offset, long length) throws IOException, InterruptedException {
            rule.admit(1);
            disk(disk).zero(offset, length);
        }
    }
}
