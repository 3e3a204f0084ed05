package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.posix.ErrnoException;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Finds room for another segment: first segments that nobody needs any more, then those that only a slow follower
 * needs (which is dropped), then by waiting for the applier, and not for ever.
 */
record LogRoom(GroupLog log, Progress progress, Applier applier, StoreLimits limits) {
    private static final long POLL_MILLIS = 50;

    /**
     * Lets the log go on in a new segment. The lock, held by the caller, is let go while this waits.
     *
     * @param stillWorking throws when the store may not be written any more
     * @throws GodwitException NO_SPACE if there is no room and none is made in time; nothing has changed then
     */
    void roll(ReentrantLock appending, Runnable stillWorking) throws IOException {
        long deadline = System.nanoTime() + limits.maxStall().toNanos();
        while (!tryRoll()) {
            if (progress.reclaim() || progress.dropSlowest()) {
                continue;
            }
            if (applier.full() || System.nanoTime() > deadline) {
                throw new GodwitException(
                        ErrorCode.NO_SPACE,
                        "there is no room for more of the log (%d bytes of at most %s)"
                                .formatted(log.fileBytes(), limits.maxLog()));
            }
            waitForApplier(appending);
            stillWorking.run();
        }
    }

    /**
     * Waits until the index over the images has room for more pieces. The lock, held by the caller, is let go meanwhile.
     *
     * @throws GodwitException NO_SPACE if no room is made in time
     */
    void awaitIndex(ReentrantLock appending, Runnable stillWorking) throws IOException {
        long deadline = System.nanoTime() + limits.maxStall().toNanos();
        while (applier.pieces() >= limits.mostPieces()) {
            if (applier.full() || System.nanoTime() > deadline) {
                throw new GodwitException(
                        ErrorCode.NO_SPACE,
                        "%d pieces of the disks wait to be applied to their images, and no more can be remembered"
                                .formatted(applier.pieces()));
            }
            waitForApplier(appending);
            stillWorking.run();
        }
    }

    private boolean tryRoll() throws IOException {
        if (log.hasEmptySegment()) {
            return true;
        }
        if (log.fileBytes() + log.nextSegmentBytes() > limits.maxLog().bytes()) {
            return false;
        }
        try {
            log.roll();
            if (log.fileBytes() + log.nextSegmentBytes() <= limits.maxLog().bytes()) {
                log.prepareNext();
            }
            return true;
        } catch (ErrnoException failed) {
            if (!failed.noSpace()) {
                throw failed;
            }
            return false;
        }
    }

    private void waitForApplier(ReentrantLock appending) throws IOException {
        appending.unlock();
        try {
            applier.awaitBeyond(progress.applied(), POLL_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for room in the log", interrupted);
        } finally {
            appending.lock();
        }
    }
}
