package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.core.posix.ErrnoException;
import io.godwit.volume.LogRecord.Kind;
import io.godwit.volume.Overlay.Piece;
import io.godwit.volume.StoreFiles.Ownership;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one place where the log grows and where role and term change. Its lock gives all records of all disks one order:
 * a record's place in the log, its effect on what readers see, and the role under which it was allowed belong together.
 */
final class Appender {
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final GroupLog log;
    private final List<DiskLayers> disks;
    private final StoreFiles files;
    private final LogRoom room;
    private final StoreHealth health;
    private final HeadSignal heads;
    private final MarkIndex marks;
    private final Intake intake;
    private final EarlyRecords early;
    /** Where the last record of each disk ends. */
    private final AtomicLongArray lasts;

    private final ReentrantLock lock = new ReentrantLock();
    private volatile Ownership ownership;

    Appender(StoreParts parts, StoreFiles files, LogRoom room, StoreHealth health, HeadSignal heads) {
        this.log = parts.log();
        this.disks = parts.disks();
        this.marks = parts.marks();
        this.ownership = parts.ownership();
        this.files = files;
        this.room = room;
        this.health = health;
        this.heads = heads;
        this.intake = new Intake(log, this::index);
        this.early = parts.early();
        this.lasts = new AtomicLongArray(disks.size());
        for (int disk = 0; disk < disks.size(); disk++) {
            lasts.set(disk, log.head().value());
        }
    }

    Ownership ownership() {
        return ownership;
    }

    LogEnd end() {
        lock.lock();
        try {
            return new LogEnd(log.head(), log.chain());
        } finally {
            lock.unlock();
        }
    }

    /** Something that adds to the log, under the lock. */
    private interface Addition {
        void run() throws IOException;
    }

    private Position add(Addition addition) throws IOException {
        lock.lock();
        try {
            addition.run();
            return log.head();
        } catch (ErrnoException failed) {
            if (failed.noSpace()) {
                throw new GodwitException(ErrorCode.NO_SPACE, "the log cannot grow: " + failed.getMessage(), failed);
            }
            throw failed;
        } finally {
            lock.unlock();
            heads.moved();
        }
    }

    /** What is nothing but zeroes becomes a record without content. */
    Position write(int disk, long offset, ByteBuffer from) throws IOException {
        return add(() -> {
            long at = offset;
            while (from.hasRemaining()) {
                int length = Math.min(from.remaining(), LogRecord.MAX_PAYLOAD_BYTES);
                ByteBuffer content = from.slice(from.position(), length);
                if (Zeroes.only(content)) {
                    append(Kind.ZERO, disk, at, length, NOTHING.duplicate());
                } else {
                    append(Kind.WRITE, disk, at, length, content);
                }
                from.position(from.position() + length);
                at += length;
            }
        });
    }

    Position clear(Kind kind, int disk, long offset, long length) throws IOException {
        return add(() -> {
            for (long done = 0; done < length; done += LogRecord.MAX_RANGE_BYTES) {
                int part = (int) Math.min(LogRecord.MAX_RANGE_BYTES, length - done);
                append(kind, disk, offset + done, part, NOTHING.duplicate());
            }
        });
    }

    /** Reads what a range of a disk holds. */
    interface Content {
        void read(ByteBuffer into) throws IOException;
    }

    /** Appends what a range holds at this moment; what is all zeroes stays without content. */
    Position repeat(int disk, long offset, int length, Content held) throws IOException {
        if (length > LogRecord.MAX_PAYLOAD_BYTES) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "at most 1 MiB is repeated at once");
        }
        return add(() -> {
            makeRoom(LogRecord.HEADER_BYTES + LogRecord.padded(length));
            ByteBuffer content = ByteBuffer.allocateDirect(length);
            held.read(content);
            if (Zeroes.only(content.flip())) {
                append(Kind.ZERO, disk, offset, length, NOTHING.duplicate());
            } else {
                append(Kind.WRITE, disk, offset, length, content);
            }
        });
    }

    Position mark(long number, ByteBuffer content) throws IOException {
        return add(() -> append(Kind.MARK, 0, number, content.remaining(), content));
    }

    private void append(Kind kind, int disk, long offset, int length, ByteBuffer payload) throws IOException {
        boolean rolled = makeRoom(LogRecord.HEADER_BYTES + LogRecord.padded(payload.remaining()));
        requireRole(Role.PRIMARY);
        if (rolled) {
            beginTerm(ownership.term());
        }
        index(log.append(kind, disk, offset, length, ownership.term(), payload));
    }

    /** Says which term has begun or goes on, with a new salt. */
    private void beginTerm(Term term) throws IOException {
        long salt = RANDOM.nextLong() >>> 1;
        log.append(Kind.TERM, 0, salt, 0, term, NOTHING.duplicate());
    }

    /** Where the last record of any of these disks ends. */
    Position lastOf(Set<Integer> some) {
        return new Position(some.stream().mapToLong(lasts::get).max().orElse(0));
    }

    private void index(LogRecord record) {
        if (record.kind().changesDisk()) {
            lasts.set(record.disk(), record.end().value());
        }
        if (record.counts()) {
            disks.get(record.disk()).overlay().put(Piece.of(record));
        } else {
            marks.note(record, log.tail());
        }
    }

    Position takeOver(ByteBuffer records) throws IOException {
        return add(() -> {
            requireRole(Role.REPLICA);
            List<DiskSpec> specs = disks.stream().map(DiskLayers::spec).toList();
            List<LogRecord> checked = new ReplicatedRecords(specs, log.writtenEnd(), ownership.term()).check(records);
            if (!checked.isEmpty()) {
                takeTerms(checked);
                takeOver(records, checked);
            }
        });
    }

    private void takeOver(ByteBuffer records, List<LogRecord> checked) throws IOException {
        try {
            intake.take(records, checked, record -> {
                makeRoom(record.bytes());
                requireUndisturbed(record.position());
            });
        } catch (IOException | GodwitException failed) {
            dropBatch();
            throw failed;
        }
    }

    /** Takes records of some disks ahead of the log. */
    void takeEarly(EarlyBatch batch, ByteBuffer records) throws IOException {
        add(() -> {
            requireRole(Role.REPLICA);
            batch.check(records, disks.stream().map(DiskLayers::spec).toList(), ownership.term());
            early.add(batch, log.head(), records);
        });
    }

    /** Cuts off a batch that will not be completed. */
    void dropOpenBatch() throws IOException {
        add(this::dropBatch);
    }

    /** What stands behind the head may not be taken for a record later: without that the store stops. */
    private void dropBatch() throws IOException {
        try {
            intake.drop();
        } catch (IOException failed) {
            health.fail(failed);
            throw failed;
        }
    }

    /** While this waited for room, another may have changed the role or the head. */
    private void requireUndisturbed(Position due) {
        requireRole(Role.REPLICA);
        Position end = log.writtenEnd().position();
        if (!end.equals(due)) {
            throw new GodwitException(ErrorCode.CONFLICT, "the log goes on at %s, not at %s".formatted(end, due));
        }
    }

    /** What terms begin in the records is written down before any of them is appended. */
    private void takeTerms(List<LogRecord> checked) throws IOException {
        Ownership next = ownership;
        for (LogRecord record : checked) {
            boolean first =
                    next.terms().isEmpty() || next.terms().getLast().term().isOlderThan(record.term());
            if (first) {
                TermStart began = new TermStart(record.term(), new LogEnd(record.position(), record.chain()));
                next = new Ownership(next.role(), record.term(), TermStart.with(next.terms(), began));
            }
        }
        own(next);
    }

    /** Takes another role or term; when that can't be written down nothing has changed, or else the store stops. */
    private void own(Ownership next) throws IOException {
        if (ownership.equals(next)) {
            return;
        }
        try {
            files.writeOwnership(next);
        } catch (IOException failed) {
            restoreOwnership(failed);
            throw failed;
        }
        ownership = next;
    }

    /** A write that failed may have been done all the same: the next start must not find a role that was never taken. */
    private void restoreOwnership(IOException failed) {
        try {
            if (!files.readOwnership().equals(ownership)) {
                files.writeOwnership(ownership);
            }
        } catch (IOException again) {
            failed.addSuppressed(again);
            health.fail(failed);
        }
    }

    void fence() throws IOException {
        add(() -> own(new Ownership(Role.REPLICA, ownership.term(), ownership.terms())));
    }

    Position promote(Term next, GroupCommit commit) throws IOException {
        return add(() -> {
            makeRoom(early.held().bytes() + LogRecord.HEADER_BYTES);
            if (!ownership.term().isOlderThan(next)) {
                throw new GodwitException(
                        ErrorCode.FENCED,
                        "term %s is not newer than %s, which is known here".formatted(next, ownership.term()));
            }
            dropBatch();
            early.keepOnly(ownership.term());
            if (!early.isEmpty()) {
                commit.awaitUninterruptibly(log.head());
            }
            TermStart began = new TermStart(next, new LogEnd(log.head(), log.chain()));
            own(new Ownership(Role.PRIMARY, next, TermStart.with(ownership.terms(), began)));
            beginTerm(next);
            takeInEarly(began.start().position(), commit);
        });
    }

    /** Does what a stop in the middle of {@link #promote} has left to do; nobody has written under the new term before. */
    void finishPromotion(GroupCommit commit) throws IOException {
        if (ownership.role() == Role.PRIMARY && !early.isEmpty()) {
            add(() -> {
                makeRoom(early.held().bytes());
                takeInEarly(ownership.terms().getLast().start().position(), commit);
            });
        }
    }

    /**
     * What was held ahead of the log becomes records of the new term. To be repeated after a stop: they change the same bytes in the same
     * order, and until they are durable nobody else may write. The caller has made room for all of them.
     */
    private void takeInEarly(Position from, GroupCommit commit) throws IOException {
        if (early.isEmpty()) {
            return;
        }
        try {
            early.replay(
                    from,
                    (record, payload) -> index(log.append(
                            record.kind(),
                            record.disk(),
                            record.offset(),
                            record.length(),
                            ownership.term(),
                            payload)));
            commit.awaitUninterruptibly(log.head());
            early.clear();
        } catch (IOException failed) {
            health.fail(failed);
            throw failed;
        }
    }

    /** Makes sure that so many bytes can be appended; may let go of the lock while it waits. Returns whether a new segment was begun. */
    private boolean makeRoom(long bytes) throws IOException {
        health.requireWorking();
        room.awaitIndex(lock, health::requireWorking);
        if (log.fits(bytes)) {
            return false;
        }
        room.roll(lock, health::requireWorking);
        return true;
    }

    void requireRole(Role needed) {
        health.requireWorking();
        if (ownership.role() != needed) {
            throw switch (needed) {
                case PRIMARY ->
                    new GodwitException(
                            ErrorCode.FENCED,
                            "this site may not write: it is a replica under term " + ownership.term());
                case REPLICA ->
                    new GodwitException(ErrorCode.CONFLICT, "this site is the primary of term " + ownership.term());
            };
        }
    }

    /** The head, when no append is in progress any more that began before. */
    Position drain() {
        lock.lock();
        try {
            return log.head();
        } finally {
            lock.unlock();
        }
    }
}
