package io.godwit.volume;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.LogRecord.Kind;
import io.godwit.volume.Overlay.Piece;
import io.godwit.volume.StoreFiles.Ownership;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one site holds of a protection group: the log, the base images that follow it, and the disks. Every change of
 * any disk is a record of the one log, so all disks share one order.
 *
 * <p>In role PRIMARY guests write; in role REPLICA only {@link #append} adds to the log. Role and term are on stable
 * storage before they take effect. After a failure of the storage the store refuses all further changes.
 *
 * <p>Used by many threads. One lock orders what is appended; reads don't take it.
 */
public final class GroupStore implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(GroupStore.class.getName());
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);
    /** So many disks a group may have. */
    public static final int MAX_DISKS = 64;

    private final StoreFiles files;
    private final FileLock fileLock;
    private final StoreLimits limits;
    private final List<Disk> disks;
    private final GroupLog log;
    private final GroupCommit commit;
    private final Progress progress;
    private final Applier applier;
    private final HeadSignal heads;
    private final ReentrantLock appending = new ReentrantLock();
    private volatile Ownership ownership;
    private volatile @Nullable IOException failure;
    private volatile boolean closed;

    private GroupStore(StoreFiles files, FileLock fileLock, StoreLimits limits, StoreParts parts) {
        this.files = files;
        this.fileLock = fileLock;
        this.limits = limits;
        this.log = parts.log();
        this.ownership = parts.ownership();
        this.progress = parts.progress();
        this.heads = new HeadSignal(log);
        this.commit = new GroupCommit(files.name(), log, this::fail);
        this.disks = new ArrayList<>();
        for (int index = 0; index < parts.bases().size(); index++) {
            disks.add(new Disk(
                    this, log, index, parts.bases().get(index), parts.overlays().get(index)));
        }
        this.applier = new Applier(files.name(), log, commit, progress, disks, limits, this::fail);
    }

    /**
     * Makes a store in a directory that holds none. Base images that don't exist are made, all zeroes; the directory's
     * last name stands for the group in the names of threads.
     *
     * @param start the position at which the log begins here: 0, or for a replica where its copy of the disks stands
     * @throws GodwitException CONFLICT if there is a store, or an image has another size than its disk
     */
    public static GroupStore create(
            Path directory, List<DiskSpec> disks, Role role, Term term, Position start, StoreLimits limits)
            throws IOException {
        StoreFiles files = new StoreFiles(directory.toAbsolutePath());
        StoreParts.create(files, disks, new Ownership(role, term), start, limits);
        return open(directory, limits);
    }

    /**
     * Opens a store, whatever moment it was stopped at; it comes up in the role and term it had.
     *
     * @throws GodwitException NOT_FOUND if there is none, CONFLICT if it is open already, CORRUPT if it is damaged,
     *     FAILED if the storage failed under it before
     */
    public static GroupStore open(Path directory, StoreLimits limits) throws IOException {
        StoreFiles files = new StoreFiles(directory.toAbsolutePath());
        FileLock lock = files.lock();
        try {
            GroupStore store = new GroupStore(files, lock, limits, StoreParts.recover(files, limits));
            store.commit.start();
            store.applier.start();
            return store;
        } catch (IOException | RuntimeException failed) {
            lock.acquiredBy().close();
            throw failed;
        }
    }

    public List<DiskSpec> disks() {
        return disks.stream().map(disk -> disk.base().spec()).toList();
    }

    /**
     * The disk of that name.
     *
     * @throws GodwitException NOT_FOUND if the group has none
     */
    public Disk disk(DiskName name) {
        return disks.stream()
                .filter(disk -> disk.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new GodwitException(ErrorCode.NOT_FOUND, "the group has no disk " + name));
    }

    /** The end of the last record. */
    public Position head() {
        return log.head();
    }

    /** All before it is on stable storage. */
    public Position durable() {
        return commit.durable();
    }

    /** All before it is in the base images, durably. */
    public Position applied() {
        return progress.applied();
    }

    /** The oldest position that can be read. */
    public Position tail() {
        return log.tail();
    }

    public Term term() {
        return ownership.term();
    }

    public Role role() {
        return ownership.role();
    }

    /** The checksum of the last record: two stores with the same head and the same chain hold the same history. */
    public int chain() {
        appending.lock();
        try {
            return log.chain();
        } finally {
            appending.unlock();
        }
    }

    /** Returns when all before {@code position} is on stable storage. One fdatasync serves all who wait. */
    public void awaitDurable(Position position) throws InterruptedException {
        commit.await(position);
    }

    /** Waits until more than {@code beyond} is durable, without asking for it; returns whether it is. */
    public boolean awaitDurableBeyond(Position beyond, Duration atMost) throws InterruptedException {
        return commit.awaitBeyond(beyond, atMost);
    }

    /** Waits until the head is beyond {@code beyond}; returns whether it is. */
    public boolean awaitHead(Position beyond, Duration atMost) throws InterruptedException {
        return heads.await(beyond, atMost);
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

    public void forget(String follower) throws IOException {
        progress.forget(follower);
    }

    /** Whether this follower was dropped for want of room in the log since it was last retained. */
    public boolean overrun(String follower) {
        return progress.overrun().contains(follower);
    }

    /**
     * A reader of the whole records from a position on.
     *
     * @throws GodwitException NOT_FOUND if that part of the log is gone, BAD_INPUT if it doesn't exist yet
     */
    public LogReader read(Position from) {
        if (from.compareTo(head()) > 0) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "the log ends at %s, before %s".formatted(head(), from));
        }
        if (from.compareTo(tail()) < 0) {
            throw new GodwitException(ErrorCode.NOT_FOUND, "the log begins at %s, after %s".formatted(tail(), from));
        }
        return new LogReader(log, commit, heads, from);
    }

    Position write(int disk, long offset, ByteBuffer from) throws IOException {
        appending.lock();
        try {
            long at = offset;
            while (from.hasRemaining()) {
                int length = Math.min(from.remaining(), LogRecord.MAX_PAYLOAD_BYTES);
                guestAppend(Kind.WRITE, disk, at, length, from.slice(from.position(), length));
                from.position(from.position() + length);
                at += length;
            }
            return log.head();
        } finally {
            appending.unlock();
            heads.moved();
        }
    }

    Position clear(Kind kind, int disk, long offset, long length) throws IOException {
        appending.lock();
        try {
            for (long done = 0; done < length; done += LogRecord.MAX_RANGE_BYTES) {
                int part = (int) Math.min(LogRecord.MAX_RANGE_BYTES, length - done);
                guestAppend(kind, disk, offset + done, part, NOTHING.duplicate());
            }
            return log.head();
        } finally {
            appending.unlock();
            heads.moved();
        }
    }

    /** Appends a record that changes no disk, with content that belongs to this position; at most 1 MiB. */
    public Position mark(long number, ByteBuffer content) throws IOException {
        if (content.remaining() > LogRecord.MAX_PAYLOAD_BYTES) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "a mark holds at most 1 MiB");
        }
        appending.lock();
        try {
            guestAppend(Kind.MARK, 0, number, content.remaining(), content);
            return log.head();
        } finally {
            appending.unlock();
            heads.moved();
        }
    }

    private void guestAppend(Kind kind, int disk, long offset, int length, ByteBuffer payload) throws IOException {
        makeRoom(LogRecord.HEADER_BYTES + LogRecord.padded(payload.remaining()));
        requireRole(Role.PRIMARY);
        LogRecord record = log.append(kind, disk, offset, length, term(), payload);
        index(record);
    }

    private void index(LogRecord record) {
        if (record.kind().changesDisk()) {
            disks.get(record.disk()).overlay().put(Piece.of(record));
        }
    }

    /**
     * Takes over whole records from the primary's log, in order; they must begin exactly at the head. All or none,
     * unless the log runs out of room after some of them: the head tells.
     *
     * @return the new head
     * @throws GodwitException FENCED if they are of an older term, CORRUPT if a checksum is wrong, CONFLICT if they
     *     don't follow what is here or this site is the primary
     */
    public Position append(ByteBuffer records) throws IOException {
        appending.lock();
        try {
            requireRole(Role.REPLICA);
            List<LogRecord> checked = new ReplicatedRecords(disks(), log.head(), log.chain(), term()).check(records);
            if (checked.isEmpty()) {
                return log.head();
            }
            takeTerm(checked.getLast().term());
            appendChecked(records, checked);
            return log.head();
        } finally {
            appending.unlock();
            heads.moved();
        }
    }

    private void appendChecked(ByteBuffer records, List<LogRecord> checked) throws IOException {
        int from = 0;
        while (from < checked.size()) {
            makeRoom(checked.get(from).bytes());
            requireUndisturbed(checked.get(from).position());
            int bytes = 0;
            int to = from;
            while (to < checked.size() && log.fits(bytes + checked.get(to).bytes())) {
                bytes += checked.get(to++).bytes();
            }
            log.appendChecked(records.slice(records.position(), bytes), checked.get(to - 1));
            records.position(records.position() + bytes);
            checked.subList(from, to).forEach(this::index);
            from = to;
        }
    }

    /** While this waited for room, another may have changed the role or the head. */
    private void requireUndisturbed(Position due) {
        requireRole(Role.REPLICA);
        if (!log.head().equals(due)) {
            throw new GodwitException(
                    ErrorCode.CONFLICT, "the log goes on at %s, not at %s".formatted(log.head(), due));
        }
    }

    private void takeTerm(Term newer) throws IOException {
        if (term().isOlderThan(newer)) {
            own(new Ownership(Role.REPLICA, newer));
        }
    }

    private void own(Ownership next) throws IOException {
        files.writeOwnership(next);
        ownership = next;
    }

    /** Makes this site a replica: guests' writes are refused from the moment this returns, those in progress are done. */
    public void fence() throws IOException {
        appending.lock();
        try {
            own(new Ownership(Role.REPLICA, term()));
        } finally {
            appending.unlock();
        }
    }

    /**
     * Makes this site the primary under a newer term, and says so in the log.
     *
     * @throws GodwitException FENCED if the term isn't newer than the one known here
     */
    public Position promote(Term next) throws IOException {
        appending.lock();
        try {
            if (!term().isOlderThan(next)) {
                throw new GodwitException(
                        ErrorCode.FENCED, "term %s is not newer than %s, which is known here".formatted(next, term()));
            }
            makeRoom(LogRecord.HEADER_BYTES);
            own(new Ownership(Role.PRIMARY, next));
            log.append(Kind.TERM, 0, 0, 0, next, NOTHING.duplicate());
            return log.head();
        } finally {
            appending.unlock();
            heads.moved();
        }
    }

    private void requireRole(Role needed) {
        requireWorking();
        if (ownership.role() != needed) {
            throw switch (needed) {
                case PRIMARY ->
                    new GodwitException(
                            ErrorCode.FENCED, "this site may not write: another one has, or had, term " + term());
                case REPLICA ->
                    new GodwitException(ErrorCode.CONFLICT, "this site is the primary of term %s".formatted(term()));
            };
        }
    }

    private void requireWorking() {
        IOException cause = failure;
        if (cause != null) {
            throw new GodwitException(
                    ErrorCode.FAILED, "the store has stopped because its storage failed: " + cause.getMessage(), cause);
        }
        if (closed) {
            throw new GodwitException(ErrorCode.CONFLICT, "the store was closed");
        }
    }

    /** Makes sure that so many bytes can be appended; may let go of the lock while it waits. */
    private void makeRoom(long bytes) throws IOException {
        requireWorking();
        if (!log.fits(bytes)) {
            new LogRoom(log, progress, applier, limits).roll(appending, this::requireWorking);
        }
    }

    /** Writes bulk content straight into a replica's base image, beside the log. Not durable before {@link #syncBase}. */
    public void writeBase(DiskName disk, long offset, ByteBuffer content) throws IOException {
        requireRole(Role.REPLICA);
        Disk target = disk(disk);
        target.checkRange(offset, content.remaining());
        target.base().write(offset, content);
    }

    /** Like {@link #writeBase} with zeroes, whose space is given back. */
    public void zeroBase(DiskName disk, long offset, long length) throws IOException {
        requireRole(Role.REPLICA);
        Disk target = disk(disk);
        target.checkRange(offset, length);
        target.base().discard(offset, length);
    }

    public void syncBase() throws IOException {
        for (Disk disk : disks) {
            disk.base().sync();
        }
    }

    /**
     * Waits until the base images hold exactly what is before {@code position} and keeps them there until the hold is
     * closed. Guests and replication go on meanwhile, as long as the log has room.
     *
     * @throws GodwitException CONFLICT if the images are beyond that position, or held already
     */
    public ApplyHold holdAt(Position position) throws InterruptedException {
        ApplyHold hold = stopAt(position);
        try {
            hold.awaitReached();
            return hold;
        } catch (InterruptedException | GodwitException givenUp) {
            hold.close();
            throw givenUp;
        }
    }

    /**
     * Like {@link #holdAt}, but returns at once: the images will not go beyond {@code position}, {@link
     * ApplyHold#awaitReached} waits until they are there.
     */
    public ApplyHold stopAt(Position position) {
        applier.hold(position);
        return new ApplyHold(this, position);
    }

    void awaitApplied(Position position) throws InterruptedException {
        applier.awaitApplied(position);
    }

    void releaseHold() {
        applier.release();
    }

    public StoreStatus status() {
        return new StoreStatus(
                role(),
                term(),
                tail(),
                applied(),
                durable(),
                head(),
                new ByteCount(log.fileBytes()),
                progress.followers(),
                progress.overrun(),
                applier.full(),
                Optional.ofNullable(failure).map(Throwable::getMessage));
    }

    private synchronized void fail(IOException cause) {
        if (failure != null || closed) {
            return;
        }
        failure = cause;
        LOG.log(System.Logger.Level.ERROR, "the store in " + files.directory() + " has stopped", cause);
        try {
            files.writeFailure(String.valueOf(cause.getMessage()));
        } catch (IOException also) {
            LOG.log(System.Logger.Level.ERROR, "and that could not be written down", also);
        }
    }

    /** Makes the log durable and lets go of all files. */
    @Override
    public void close() throws IOException {
        appending.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            appending.unlock();
        }
        commit.request(log.head());
        applier.close();
        commit.close();
        log.close();
        disks.forEach(disk -> disk.base().close());
        fileLock.acquiredBy().close();
    }
}
