package io.godwit.volume;

import io.godwit.core.ByteCount;
import io.godwit.core.DurableFile;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Records that a site took, as the group's owner, and that are no part of the group's history any more, because another
 * site went on without them. They are kept as a file that is a segment of a log (docs/log-format.md), until a person has
 * looked at it.
 */
public final class SetAside {
    private static final int BUFFER_BYTES = 4 << 20;
    /** What guests wrote is for the one who asks. */
    private static final FileAttribute<?> OWN =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /**
     * What was set aside.
     *
     * @param from where the group's history went another way, or where the log began if that was later
     * @param to where the log ended
     * @param whole whether everything from the parting of the ways on is there
     * @param changes records that changed a disk
     * @param changedBytes of the disks
     * @param at the time, in seconds since 1970
     */
    public record Entry(
            String id, Position from, Position to, boolean whole, long changes, ByteCount changedBytes, long at) {}

    private final Path directory;

    /** @param directory where everything that was set aside by one store is kept */
    public SetAside(Path directory) {
        this.directory = directory.toAbsolutePath();
    }

    /** Keeps everything in a store's log from {@code parting} on; it is on stable storage when this returns. Repeating it changes nothing. */
    public Entry keep(GroupStore store, Position parting) throws IOException {
        try (LogHold hold = holdFrom(store, parting)) {
            Position from = hold.from();
            String id = "%s-%s".formatted(from, store.head());
            if (!Files.exists(infoFile(id).path())) {
                Files.createDirectories(directory);
                PatchStore.delete(directory.resolve(id));
                copy(store, from, Files.createDirectory(directory.resolve(id)));
                boolean whole = from.equals(parting);
                infoFile(id).write(Json.pretty(describe(id, store, from, whole)).getBytes(StandardCharsets.UTF_8));
                Segment.syncDirectory(directory);
            }
            return entry(id);
        }
    }

    /** Keeps the log from there on from being reclaimed, or from where it begins: the images follow it all the time. */
    private static LogHold holdFrom(GroupStore store, Position parting) {
        while (true) {
            Position tail = store.tail();
            try {
                return store.log().hold(parting.reaches(tail) ? parting : tail);
            } catch (GodwitException reclaimed) {
                if (store.tail().equals(tail)) {
                    throw reclaimed;
                }
            }
        }
    }

    private DurableFile infoFile(String id) {
        return new DurableFile(directory.resolve(id).resolve("info.json"));
    }

    private static Entry describe(String id, GroupStore store, Position from, boolean whole) throws IOException {
        long[] sums = new long[2];
        store.log().eachRecord(from, record -> {
            if (record.kind().changesDisk()) {
                sums[0]++;
                sums[1] += record.length();
            }
        });
        return new Entry(
                id,
                from,
                store.head(),
                whole,
                sums[0],
                new ByteCount(sums[1]),
                Instant.now().getEpochSecond());
    }

    private static void copy(GroupStore store, Position from, Path into) throws IOException {
        long length = store.head().since(from).bytes();
        int chain = store.log().chainAt(from);
        try (Segment segment = Segment.create(into, from.value(), chain, Segment.HEADER_BYTES + length)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
            for (long done = 0; done < length; done += buffer.limit()) {
                Position at = from.plus(done);
                if (!store.log().copy(at, buffer.clear())) {
                    throw new IOException("the log at %s was reclaimed before it was set aside".formatted(at));
                }
                buffer.flip();
                segment.write(at.value(), buffer, ByteBuffer.allocateDirect(0));
            }
            segment.sync();
        }
    }

    /** All that is kept, oldest first. */
    public List<Entry> list() throws IOException {
        List<Entry> found = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (Stream<Path> entries = Files.list(directory)) {
                for (Path entry : entries.sorted().toList()) {
                    String id = String.valueOf(entry.getFileName());
                    if (Files.exists(infoFile(id).path())) {
                        found.add(entry(id));
                    }
                }
            }
        }
        found.sort(java.util.Comparator.comparingLong(Entry::at));
        return found;
    }

    private Entry entry(String id) throws IOException {
        return Json.read(
                infoFile(id).read().orElseThrow(() -> unknown(id)),
                Entry.class,
                infoFile(id).path().toString());
    }

    private static GodwitException unknown(String id) {
        return new GodwitException(ErrorCode.NOT_FOUND, "nothing was set aside as '%s'".formatted(id));
    }

    private Entry require(String id) throws IOException {
        return list().stream()
                .filter(entry -> entry.id().equals(id))
                .findFirst()
                .orElseThrow(() -> unknown(id));
    }

    /**
     * Copies the records, as a segment of a log, to a file that must not exist yet; it is on stable storage when this returns.
     *
     * @throws GodwitException NOT_FOUND if there are no such records or there is no directory for the file, BAD_INPUT if there is the file
     */
    public Entry export(String id, Path file) throws IOException {
        Entry entry = require(id);
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new GodwitException(ErrorCode.NOT_FOUND, "there is no directory for %s".formatted(file));
        }
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "there is a file %s already".formatted(file));
        }
        try (FileChannel from = FileChannel.open(
                        Segment.path(directory.resolve(id), entry.from().value()), StandardOpenOption.READ);
                FileChannel into =
                        FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWN)) {
            copy(from, into, file);
        }
        Segment.syncDirectory(parent);
        return entry;
    }

    private static void copy(FileChannel from, FileChannel into, Path file) throws IOException {
        try {
            for (long done = 0; done < from.size(); ) {
                done += from.transferTo(done, from.size() - done, into);
            }
            into.force(true);
        } catch (IOException failed) {
            Files.deleteIfExists(file);
            throw failed;
        }
    }

    /** Deletes them. */
    public Entry drop(String id) throws IOException {
        Entry entry = require(id);
        infoFile(id).delete();
        PatchStore.delete(directory.resolve(id));
        return entry;
    }
}
