package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A store's log as whoever follows it sees it: what it keeps for them, what it says, and what changed when it had to let go of it. Thread-safe. */
public final class StoreLog {
    private final GroupLog log;
    private final Progress progress;
    private final List<DiskSpec> disks;
    private final GroupCommit commit;
    private final Appender appender;
    private final Applier applier;
    private final HeadSignal heads;

    StoreLog(StoreParts parts, GroupCommit commit, Appender appender, Applier applier, HeadSignal heads) {
        this.log = parts.log();
        this.progress = parts.progress();
        this.disks = parts.disks().stream().map(DiskLayers::spec).toList();
        this.commit = commit;
        this.appender = appender;
        this.applier = applier;
        this.heads = heads;
    }

    /**
     * Keeps the log from {@code position} on for a follower, also over a restart. When the log has no room any more the
     * follower is dropped instead ({@link StoreStatus#overrun()}), so that guests can go on.
     *
     * @throws GodwitException NOT_FOUND if that part of the log is gone
     */
    public void retain(String follower, Position position) throws IOException {
        progress.retain(follower, position);
    }

    /**
     * Keeps the log from {@code position} on for a reader of this process, as long as guests don't need its room.
     *
     * @throws GodwitException NOT_FOUND if that part of the log is gone
     */
    public LogHold hold(Position position) {
        return progress.hold(position);
    }

    public void forget(String follower) throws IOException {
        progress.forget(follower);
    }

    /** Whether this follower was dropped for want of room in the log since it was last retained. */
    public boolean overrun(String follower) {
        return progress.overrun().contains(follower);
    }

    /**
     * What changed from {@code end} on, where the log of a follower ends that was dropped. It is tracked from the moment on at
     * which the log had to let go of what the follower needs.
     *
     * @return blocks that changed up to what is durable now, and perhaps others
     * @throws GodwitException NOT_FOUND if that isn't known, or that end is none of ours
     */
    public ChangedBlocks changedSince(LogEnd end) throws IOException {
        return changes(end, known -> known.covers(end));
    }

    /**
     * What this store's own log changed from {@code end} on, wherever that log goes.
     *
     * @throws GodwitException NOT_FOUND if neither the log nor what is tracked reaches back so far
     */
    public ChangedBlocks changedFrom(LogEnd end) throws IOException {
        if (end.position().compareTo(log.tail()) < 0 || !holds(end)) {
            return changes(end, known -> end.position().reaches(known.since().position()));
        }
        ChangedBlocks changed = ChangedBlocks.none(disks);
        eachRecord(end.position(), changed::add);
        return changed;
    }

    private ChangedBlocks changes(LogEnd from, Predicate<ChangeTracker> suits) throws IOException {
        Position to = commit.durable();
        while (true) {
            Optional<ChangedBlocks> changed = progress.changedSince(from, to, suits);
            if (changed.isPresent()) {
                return changed.get();
            }
        }
    }

    /** The follower has all that it needs: what is tracked for it may go. */
    public void forgetChanges(String follower) throws IOException {
        progress.forgetChanges(follower);
    }

    /** Whether that is a place in this log's history, and the log still has it. */
    public boolean holds(LogEnd end) throws IOException {
        if (!log.head().reaches(end.position()) || end.position().compareTo(log.tail()) < 0) {
            return false;
        }
        try {
            return chainAt(end.position()) == end.chain();
        } catch (GodwitException noRecordBeginsThere) {
            return false;
        }
    }

    /** Gives out the heads of all records from where one begins on. */
    void eachRecord(Position from, Consumer<LogRecord> each) throws IOException {
        if (LogHeads.scan(log, from.value(), log.head().value(), each).isEmpty()) {
            throw new GodwitException(ErrorCode.NOT_FOUND, "the log no longer has what stood at " + from);
        }
    }

    /** The checksum of the record that ends at a place which the log has. */
    int chainAt(Position position) throws IOException {
        LogEnd ours = appender.end();
        if (ours.position().equals(position)) {
            return ours.chain();
        }
        ByteBuffer head = ByteBuffer.allocateDirect(LogRecord.HEADER_BYTES);
        if (!copy(position, head)) {
            throw new GodwitException(ErrorCode.NOT_FOUND, "the log no longer has what stood at " + position);
        }
        return LogRecord.decodeHead(head.flip(), position).chain();
    }

    /**
     * Copies the log's bytes from where a record begins into {@code into}, as far as they go.
     *
     * @return whether the log still has that position
     */
    boolean copy(Position from, ByteBuffer into) throws IOException {
        return log.copy(from.value(), log.head().value(), into);
    }

    /**
     * A reader of the whole records from a position on.
     *
     * @throws GodwitException NOT_FOUND if that part of the log is gone, BAD_INPUT if it doesn't exist yet
     */
    public LogReader read(Position from) {
        if (from.compareTo(log.head()) > 0) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "the log ends at %s, before %s".formatted(log.head(), from));
        }
        if (from.compareTo(log.tail()) < 0) {
            throw new GodwitException(
                    ErrorCode.NOT_FOUND, "the log begins at %s, after %s".formatted(log.tail(), from));
        }
        return new LogReader(log, commit, heads, applier, from);
    }
}
