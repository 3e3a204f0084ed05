package io.godwit.volume;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.StoreFiles.Ownership;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
    /** So many disks a group may have. */
    public static final int MAX_DISKS = 64;

    private final StoreFiles files;
    private final FileLock fileLock;
    private final List<DiskLayers> layers;
    private final List<Disk> disks;
    private final GroupLog log;
    private final Progress progress;
    private final StoreHealth health;
    private final HeadSignal heads;
    private final GroupCommit commit;
    private final Applier applier;
    private final Appender appender;
    private final StoreLog followed;
    private final StoreHistory history;
    private final EarlySide early;

    private GroupStore(StoreFiles files, FileLock fileLock, StoreLimits limits, StoreParts parts) {
        this.fileLock = fileLock;
        this.layers = parts.disks();
        this.log = parts.log();
        this.progress = parts.progress();
        this.files = files;
        this.health = new StoreHealth(files);
        this.heads = new HeadSignal(log);
        this.commit = new GroupCommit(files.name(), log, health::fail);
        progress.watch(commit::durable);
        this.applier = new Applier(files.name(), parts, commit, limits, health::fail);
        LogRoom room = new LogRoom(log, progress, applier, limits);
        this.appender = new Appender(parts, files, room, health, heads);
        this.early = new EarlySide(appender, commit, parts.early(), health);
        this.followed = new StoreLog(parts, commit, appender, applier, heads);
        this.history = new StoreHistory(parts, commit, applier);
        this.disks = IntStream.range(0, layers.size())
                .mapToObj(index -> new Disk(appender, log, index, layers.get(index)))
                .toList();
    }

    /**
     * Makes a store in a directory that holds none. Base images that don't exist are made, all zeroes; the directory's
     * last name stands for the group in the names of threads.
     *
     * @param start the position at which the log begins here
     * @throws GodwitException CONFLICT if there is a store, or an image has another size than its disk
     */
    public static GroupStore create(
            Path directory, List<DiskSpec> disks, Role role, Term term, Position start, StoreLimits limits)
            throws IOException {
        return create(directory, disks, role, term, new LogEnd(start, 0), limits);
    }

    /** Like the other, for a log that goes on where another one ends. */
    public static GroupStore create(
            Path directory, List<DiskSpec> disks, Role role, Term term, LogEnd start, StoreLimits limits)
            throws IOException {
        return create(directory, disks, role, term, start, List.of(new TermStart(term, start)), limits);
    }

    /** Like the others, for a log whose terms before {@code start} are known. */
    public static GroupStore create(
            Path directory,
            List<DiskSpec> disks,
            Role role,
            Term term,
            LogEnd start,
            List<TermStart> terms,
            StoreLimits limits)
            throws IOException {
        StoreFiles files = new StoreFiles(directory.toAbsolutePath());
        StoreParts.makeImages(files, disks);
        StoreParts.create(files, disks, new Ownership(role, term, terms), start, limits);
        return open(directory, limits);
    }

    /**
     * Opens a store, whatever moment it was stopped at; it comes up in the role and term it had.
     *
     * @throws GodwitException NOT_FOUND if there is none, CONFLICT if it is open already, CORRUPT if it is damaged,
     *     FAILED if the storage failed under it before
     */
    public static GroupStore open(Path directory, StoreLimits limits) throws IOException {
        return open(directory, limits, HistoryWindow.NONE);
    }

    /** Like the other, with the history that is there kept from the first moment on: see {@link StoreHistory#keep}. */
    public static GroupStore open(Path directory, StoreLimits limits, HistoryWindow history) throws IOException {
        return open(directory, limits, history, (disk, spec) -> BaseImages.open(spec));
    }

    static GroupStore open(Path directory, StoreLimits limits, HistoryWindow history, StoreParts.Bases bases)
            throws IOException {
        StoreFiles files = new StoreFiles(directory.toAbsolutePath());
        files.requireStore();
        FileLock lock = files.lock();
        try {
            GroupStore store = new GroupStore(files, lock, limits, StoreParts.recover(files, limits, bases));
            store.history.keep(history);
            store.commit.start();
            store.applier.start(store.appender::drain);
            store.appender.finishPromotion(store.commit);
            return store;
        } catch (IOException | RuntimeException failed) {
            lock.acquiredBy().close();
            throw failed;
        }
    }

    /** Where the log and all else but the images is. */
    public Path directory() {
        return files.directory();
    }

    public List<DiskSpec> disks() {
        return layers.stream().map(DiskLayers::spec).toList();
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
        return appender.ownership().term();
    }

    public Role role() {
        return appender.ownership().role();
    }

    /** Where the terms so far begin in the log, oldest first, as far as they are remembered. */
    public List<TermStart> terms() {
        return appender.ownership().terms();
    }

    /** The checksum of the last record: two stores with the same head and the same chain hold the same history. */
    public int chain() {
        return appender.end().chain();
    }

    /** The head and the checksum of the last record, as of one moment. */
    public LogEnd end() {
        return appender.end();
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

    /** The log, for whoever follows it. */
    public StoreLog log() {
        return followed;
    }

    /** Waits until the images hold everything before {@code position}; the history before it is cut short. */
    public void awaitImages(Position position) throws InterruptedException {
        awaitApplied(position);
    }

    /** Appends a record that changes no disk, with content that belongs to this position; at most 1 MiB. */
    public Position mark(long number, ByteBuffer content) throws IOException {
        if (content.remaining() > LogRecord.MAX_PAYLOAD_BYTES) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "a mark holds at most 1 MiB");
        }
        return appender.mark(number, content);
    }

    /**
     * Takes over whole records from the primary's log, in order, in the form in which they cross between sites; they must
     * begin exactly where the last ones ended. All or none, unless the log runs out of room after some of them: the head
     * tells. The head moves only to points: what has come of a batch counts when all of it is here.
     *
     * @return the new head
     * @throws GodwitException FENCED if they are of an older term, CORRUPT if a checksum is wrong, CONFLICT if they
     *     don't follow what is here or this site is the primary
     */
    public Position append(ByteBuffer records) throws IOException {
        return appender.takeOver(records);
    }

    /**
     * Cuts off what has come of a batch that will not be completed. Records of a batch don't count, and the head doesn't
     * move over them, until all of it is here.
     */
    public void dropOpenBatch() throws IOException {
        appender.dropOpenBatch();
    }

    /** What this site holds, as a replica, of some disks ahead of its log. */
    public EarlySide early() {
        return early;
    }

    /**
     * The records of some disks among all others.
     *
     * @throws GodwitException NOT_FOUND if the group has no disk of such a name
     */
    public DiskLane lane(Set<DiskName> names) {
        return new DiskLane(
                log, appender, names.stream().map(name -> disk(name).index()).collect(Collectors.toSet()));
    }

    /** Makes this site a replica: guests' writes are refused from the moment this returns, those in progress are done. */
    public void fence() throws IOException {
        appender.fence();
    }

    /**
     * Makes this site the primary under a newer term, and says so in the log. What it holds of some disks ahead of its log
     * becomes the first records of that term, durably, before this returns.
     *
     * @throws GodwitException FENCED if the term isn't newer than the one known here
     */
    public Position promote(Term next) throws IOException {
        return appender.promote(next, commit);
    }

    /** Writes bulk content straight into a replica's base image, beside the log. Not durable before {@link #syncBase}. */
    public void writeBase(DiskName disk, long offset, ByteBuffer content) throws IOException {
        replicaBase(disk, offset, content.remaining()).write(offset, content);
    }

    /** Like {@link #writeBase} with zeroes, whose space is given back. */
    public void zeroBase(DiskName disk, long offset, long length) throws IOException {
        replicaBase(disk, offset, length).discard(offset, length);
    }

    private BaseImage replicaBase(DiskName disk, long offset, long length) {
        appender.requireRole(Role.REPLICA);
        Disk target = disk(disk);
        target.checkRange(offset, length);
        return target.base();
    }

    public void syncBase() throws IOException {
        for (DiskLayers disk : layers) {
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

    /** The disks' past, as far as it is kept. */
    public StoreHistory history() {
        return history;
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
                layers.stream().flatMap(disk -> disk.base().trouble().stream()).findFirst(),
                health.failure());
    }

    /**
     * Whether reads wait for a server that an image is on, while it is away: at first they do. Whoever ends what reads
     * lets them fail meanwhile.
     */
    public void waitForServers(boolean wait) {
        layers.forEach(disk -> disk.base().waitForServer(wait));
    }

    /** For the next start to know what the log must hold. */
    private void noteDurable() {
        try {
            progress.save();
        } catch (IOException noRoom) {
            LOG.log(System.Logger.Level.DEBUG, "an older checkpoint stays, which promises less", noRoom);
        }
    }

    /** Makes the log durable and lets go of all files. */
    @Override
    public void close() throws IOException {
        if (!health.close()) {
            return;
        }
        commit.request(appender.drain());
        waitForServers(false);
        applier.close();
        commit.close();
        noteDurable();
        log.close();
        early.close();
        layers.forEach(disk -> disk.base().close());
        fileLock.acquiredBy().close();
    }
}
