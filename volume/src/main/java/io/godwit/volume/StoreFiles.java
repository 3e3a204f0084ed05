package io.godwit.volume;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.DurableFile;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Where a store's files are in its directory, and the contents of those that hardly ever change. */
record StoreFiles(Path directory) {
    private static final String STORE = "godwit-store 1";
    private static final String ROLE = "godwit-role 1";

    /** Who may write, and under which term; and where the terms so far begin in the log, as far as that is remembered. */
    record Ownership(Role role, Term term, List<TermStart> terms) {
        Ownership {
            terms = List.copyOf(terms);
        }
    }

    /** The directory's last name, for people. */
    String name() {
        Path name = directory.getFileName();
        return name == null ? "store" : name.toString();
    }

    Path log() {
        return directory.resolve("log");
    }

    Path early() {
        return directory.resolve("early");
    }

    DurableFile checkpoint() {
        return new DurableFile(directory.resolve("checkpoint"));
    }

    private DurableFile store() {
        return new DurableFile(directory.resolve("store"));
    }

    private DurableFile role() {
        return new DurableFile(directory.resolve("role"));
    }

    private DurableFile failed() {
        return new DurableFile(directory.resolve("failed"));
    }

    boolean exists() {
        return Files.exists(store().path());
    }

    void requireStore() {
        if (!exists()) {
            throw new GodwitException(ErrorCode.NOT_FOUND, "there is no store in " + directory);
        }
    }

    /** Makes this process the only user of the store until the lock's channel is closed. */
    FileLock lock() throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
        } catch (OverlappingFileLockException here) {
            // Reported below: this process has it open.
        }
        channel.close();
        throw new GodwitException(ErrorCode.CONFLICT, "the store in %s is open already".formatted(directory));
    }

    /** Writing this file is what makes a directory a store. */
    void writeDisks(List<DiskSpec> disks) throws IOException {
        List<String> lines = disks.stream()
                .map(disk -> "disk %s %d %s".formatted(disk.name(), disk.size().bytes(), disk.base()))
                .toList();
        new StateText(STORE, lines).write(store());
    }

    List<DiskSpec> readDisks() throws IOException {
        List<DiskSpec> disks = new ArrayList<>();
        for (String[] words : StateText.read(store(), STORE).values("disk", 3)) {
            ByteCount size = new ByteCount(StateText.parse(words[1]));
            disks.add(new DiskSpec(new DiskName(words[0]), size, BaseLocation.parse(words[2])));
        }
        return disks;
    }

    void writeOwnership(Ownership ownership) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("role " + ownership.role);
        lines.add("term " + ownership.term);
        ownership.terms.forEach(began -> lines.add("began %s %s %d"
                .formatted(
                        began.term(),
                        began.start().position(),
                        Integer.toUnsignedLong(began.start().chain()))));
        new StateText(ROLE, lines).write(role());
    }

    Ownership readOwnership() throws IOException {
        StateText text = StateText.read(role(), ROLE);
        try {
            List<TermStart> terms =
                    text.values("began", 3).stream().map(StoreFiles::began).toList();
            return new Ownership(Role.valueOf(text.value("role")), new Term(text.number("term")), terms);
        } catch (IllegalArgumentException strange) {
            throw new GodwitException(ErrorCode.CORRUPT, role().path() + " has an unknown role or term", strange);
        }
    }

    private static TermStart began(String[] words) {
        LogEnd start = new LogEnd(new Position(StateText.parse(words[1])), (int) StateText.parse(words[2]));
        return new TermStart(new Term(StateText.parse(words[0])), start);
    }

    /** Remembers that the storage failed under this store, so that it isn't opened again as if nothing had been. */
    void writeFailure(String sentence) throws IOException {
        new StateText("godwit-failed 1", List.of(sentence.replace('\n', ' '))).write(failed());
    }

    void refuseFailed() throws IOException {
        if (Files.exists(failed().path())) {
            throw new GodwitException(
                    ErrorCode.FAILED,
                    ("the storage below %s failed, and writes that seemed durable may be missing: recover from the"
                                    + " replica, or check the disk and remove %s")
                            .formatted(directory, failed().path()));
        }
    }
}
