package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Brings the base images up to the log, in the background. It takes durable records only, a batch at a time; of
 * several records for the same bytes only the last is written; the applied position is persisted when the images are
 * on stable storage. A full disk under the images, and an image's server that is away, are waited out; any other failure stops the store.
 */
final class Applier implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Applier.class.getName());
    private static final long FULL_DISK_PAUSE_MILLIS = 1000;
    /** Guests may write so long before it is noticed that too much waits. */
    private static final long LOOK_MILLIS = 20;

    private final GroupLog log;
    private final GroupCommit commit;
    private final Progress progress;
    private final List<DiskLayers> disks;
    private final ImageWriter images;
    private final StoreLimits limits;
    private final Consumer<IOException> onFailure;
    private final Thread thread;
    private final ByteBuffer batch;
    private final long mostBacklog;
    private long applied;
    private final ApplyBounds bounds;
    private long reach;
    /** There is no point between {@link #applied} and this position. */
    private long barrenUntil;

    private boolean hurry;
    private boolean full;
    private boolean stopped;
    private Runnable indexed = () -> {};

    Applier(String name, StoreParts parts, GroupCommit commit, StoreLimits limits, Consumer<IOException> onFailure) {
        this.log = parts.log();
        this.progress = parts.progress();
        this.disks = parts.disks();
        this.images = new ImageWriter(disks, log);
        this.commit = commit;
        this.limits = limits;
        this.onFailure = onFailure;
        this.applied = progress.applied().value();
        this.reach = progress.reaching().value();
        this.bounds = new ApplyBounds(disks);
        this.mostBacklog = limits.mostBacklog().bytes();
        this.batch = ByteBuffer.allocateDirect((int) limits.applyBatch().bytes());
        this.thread = Thread.ofPlatform().daemon().name("apply-" + name).unstarted(this::run);
    }

    /**
     * Begins.
     *
     * @param awaitIndexed returns when every record that was in the log when it was called is in the index over the images. A record is in the log a
     *     moment before; what was applied and forgotten in that moment would stay in the index for ever, and be looked for in a log that is gone
     */
    void start(Runnable awaitIndexed) {
        indexed = awaitIndexed;
        thread.start();
    }

    /** Applies what there is without waiting for more to come. */
    synchronized void hurry() {
        hurry = true;
        notifyAll();
    }

    /** Whether the disk under the base images is full, so that nothing can be applied now. */
    synchronized boolean full() {
        return full;
    }

    /** Of the index over the images. */
    int pieces() {
        int pieces = 0;
        for (DiskLayers disk : disks) {
            pieces += disk.overlay().size();
        }
        return pieces;
    }

    /** Keeps the images behind the log from now on, as far as that is possible. */
    synchronized void keep(HistoryWindow window) {
        bounds.keep(window);
        notifyAll();
    }

    /** The images hold what is before it, or will in a moment, or never did: no older point can be opened. */
    synchronized Position oldestPoint() {
        Position begun = progress.pointsFrom();
        return begun.value() > reach ? begun : new Position(reach);
    }

    synchronized Position applied() {
        return new Position(applied);
    }

    /**
     * Lets nothing from {@code position} on be applied as long as nothing more important needs it.
     *
     * @throws GodwitException NOT_FOUND if the images are beyond it
     */
    synchronized PointHold holdPoint(Position position) {
        if (stopped) {
            throw new GodwitException(ErrorCode.FAILED, "the store has stopped");
        }
        if (oldestPoint().compareTo(position) > 0) {
            throw new GodwitException(
                    ErrorCode.NOT_FOUND, "the oldest point kept is at %s, after %s".formatted(oldestPoint(), position));
        }
        return bounds.add(position);
    }

    /** The first open point between two positions; the second one if there is none. */
    synchronized Position firstPoint(Position after, Position before) {
        return new Position(bounds.firstPoint(after.value(), before.value()));
    }

    synchronized void release(PointHold point) {
        bounds.remove(point);
        notifyAll();
    }

    /** Waits until something more than {@code beyond} is applied, at most so long; history and points make way. */
    synchronized void awaitBeyond(Position beyond, long atMostMillis) throws InterruptedException {
        bounds.press(applied);
        hurry();
        long deadline = System.nanoTime() + atMostMillis * 1_000_000;
        while (applied <= beyond.value() && !stopped) {
            long millis = millisUntil(deadline);
            if (millis <= 0) {
                return;
            }
            wait(millis);
        }
    }

    /** Lets nothing from {@code position} on be applied, and waits until all before it is. */
    synchronized void hold(Position position) {
        if (bounds.held() || reach > position.value()) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    bounds.held()
                            ? "the disk images are being held at a position already"
                            : "the disk images may be at %d, beyond %s".formatted(reach, position));
        }
        bounds.hold(position);
    }

    synchronized void awaitApplied(Position position) throws InterruptedException {
        while (applied < position.value()) {
            bounds.need(position.value());
            hurry();
            if (stopped) {
                throw new GodwitException(ErrorCode.FAILED, "the store stopped before it had applied its log");
            }
            requirePoint(position);
            wait(limits.applyDelay().toMillis() + 1);
        }
    }

    private void requirePoint(Position position) {
        if (position.value() < barrenUntil) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "the disk images cannot be at %s: the writes from %d to %d came as a whole"
                            .formatted(position, applied, barrenUntil));
        }
    }

    synchronized void release() {
        bounds.release();
        notifyAll();
    }

    private void run() {
        try {
            while (awaitTurn()) {
                commit.await(nextEnd());
                long target = target();
                if (target > applied && target >= barrenUntil) {
                    indexed.run();
                    applyBatch(target);
                }
            }
        } catch (IOException | RuntimeException failed) {
            noteDurable();
            onFailure.accept(failed instanceof IOException io ? io : new IOException(failed));
        } catch (InterruptedException unexpected) {
            LOG.log(System.Logger.Level.WARNING, "the applier was interrupted", unexpected);
        } finally {
            stop();
        }
    }

    /** So that what can't be read is missed when the store is opened again, and not taken for the end of the log. */
    private void noteDurable() {
        try {
            progress.save();
        } catch (IOException also) {
            LOG.log(System.Logger.Level.WARNING, "what is durable could not be written down", also);
        }
    }

    /**
     * Waits until guests pause, or until so much is waiting that it must not become more, or someone waits for it: as long
     * as guests write, the processors and the disk are theirs.
     */
    private synchronized boolean awaitTurn() throws InterruptedException {
        long seen = -1;
        long quietAt = 0;
        while (!stopped && !hurry && (backlog() < mostBacklog || target() < barrenUntil)) {
            if (seen != log.head().value()) {
                seen = log.head().value();
                quietAt = System.nanoTime() + limits.applyDelay().toNanos();
            }
            long millis = millisUntil(quietAt);
            if (millis <= 0) {
                break;
            }
            wait(Math.min(millis, LOOK_MILLIS));
        }
        hurry = false;
        return !stopped;
    }

    /** Log bytes that could be applied, were they durable. */
    private long backlog() {
        return bounds.target(applied, log.head().value(), System.nanoTime()) - applied;
    }

    /** What has to be durable for the next batch. */
    private synchronized Position nextEnd() {
        return new Position(
                Math.min(log.head().value(), applied + limits.applyBatch().bytes()));
    }

    private static long millisUntil(long nanoTime) {
        return (nanoTime - System.nanoTime() + 999_999) / 1_000_000;
    }

    private synchronized long target() {
        return bounds.target(applied, commit.durable().value(), System.nanoTime());
    }

    /** From the moment it is decided to apply up to a point, no point before it can be opened; one may have been just before. */
    private synchronized boolean decide(long end) {
        if (end > target()) {
            return false;
        }
        reach = Math.max(reach, end);
        return true;
    }

    /** Applies up to a point: a batch that came as a whole and is longer than the buffer in several parts. */
    private void applyBatch(long target) throws IOException, InterruptedException {
        ApplyBatch part = read(applied, target);
        long end = part.atPoint() ? part.end() : pointBehind(part.end());
        if (end > target) {
            nothingUntil(end);
            return;
        }
        if (decide(end)
                && repeatedly(() -> ImageWriter.trySave(() -> progress.reach(new Position(end))))
                && applyParts(part, end)
                && repeatedly(() -> ImageWriter.trySave(() -> progress.advance(new Position(end))))) {
            synchronized (this) {
                full = false;
                applied = end;
                bounds.relax();
                notifyAll();
            }
            progress.reclaim();
        }
    }

    private ApplyBatch read(long from, long to) throws IOException {
        return ApplyBatch.read(log, from, to, disks.size(), batch);
    }

    private boolean applyParts(ApplyBatch first, long end) throws IOException, InterruptedException {
        ApplyBatch part = first;
        while (true) {
            ApplyBatch changes = part;
            if (!repeatedly(() -> images.tryApply(changes))) {
                return false;
            }
            images.applied(changes);
            if (changes.end() == end) {
                return true;
            }
            part = read(changes.end(), end);
        }
    }

    /** The end of the batch, that came as a whole, to which the record at {@code position} belongs. */
    private long pointBehind(long position) throws IOException {
        long durable = commit.durable().value();
        OptionalLong end = LogHeads.scanWhile(log, position, durable, record -> !record.endsAtPoint());
        return end.orElseThrow(() -> new IOException("the log was reclaimed before it was applied"));
    }

    /** The images can go on only when they may go so far. */
    private synchronized void nothingUntil(long end) {
        barrenUntil = end;
        notifyAll();
    }

    /** Something that can be tried again when there is room on the disk, or its server is back. */
    private interface Step {
        ImageWriter.Attempt take() throws IOException;
    }

    /** Tries until it is done; false if the store stops before. */
    private boolean repeatedly(Step step) throws IOException, InterruptedException {
        for (var attempt = step.take(); attempt != ImageWriter.Attempt.DONE; attempt = step.take()) {
            if (!waitForDisk(attempt)) {
                return false;
            }
        }
        return true;
    }

    /** Waits a while for room on the disk, or for its server; returns whether to go on. */
    private synchronized boolean waitForDisk(ImageWriter.Attempt attempt) throws InterruptedException {
        full = attempt == ImageWriter.Attempt.FULL;
        long deadline = System.nanoTime() + FULL_DISK_PAUSE_MILLIS * 1_000_000;
        while (!stopped) {
            long millis = millisUntil(deadline);
            if (millis <= 0) {
                break;
            }
            wait(millis);
        }
        return !stopped;
    }

    private synchronized void stop() {
        stopped = true;
        bounds.endPoints(Long.MAX_VALUE, "the store was closed");
        notifyAll();
    }

    /** Ends after the batch in progress. */
    @Override
    public void close() {
        stop();
        Threads.joinUninterruptibly(thread);
    }
}
