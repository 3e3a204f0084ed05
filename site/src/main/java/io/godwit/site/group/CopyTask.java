package io.godwit.site.group;

import io.godwit.api.CopyProgress;
import io.godwit.api.CopyReport;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.posix.ErrnoException;
import io.godwit.volume.CopyManifest;
import io.godwit.volume.CopyWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A copy of a group's disks on its way out or in, on a thread of its own, until it is done or given up. */
public final class CopyTask {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final double SECOND_NANOS = 1e9;

    /** Makes the copy; tells how it goes on. */
    interface Work {
        CopyManifest run(CopyWatch watch) throws IOException, InterruptedException;
    }

    private final Path directory;
    private final String done;
    private final long begun = System.nanoTime();
    private final Watch watch = new Watch();
    private final Thread thread;
    private volatile @Nullable String givenUp;
    private volatile @Nullable CopyReport report;
    private volatile @Nullable GodwitException failure;

    /** @param done the sentence for people at the end */
    CopyTask(GroupName group, Path directory, String done, Work work) {
        this.directory = directory;
        this.done = done;
        this.thread = Thread.ofPlatform().daemon().name("copy-" + group).start(() -> run(work));
    }

    private void run(Work work) {
        try {
            report = report(work.run(watch));
        } catch (GodwitException refused) {
            failure = refused;
        } catch (IOException | RuntimeException failed) {
            boolean full = failed instanceof ErrnoException numbered && numbered.noSpace();
            failure = new GodwitException(
                    full ? ErrorCode.NO_SPACE : ErrorCode.FAILED,
                    "the copy in %s cannot be gone on with: %s".formatted(directory, failed.getMessage()),
                    failed);
        } catch (InterruptedException stopped) {
            failure = new GodwitException(ErrorCode.FAILED, "the site is stopping", stopped);
        }
    }

    private CopyReport report(CopyManifest copy) {
        return new CopyReport(
                copy.group(),
                directory.toString(),
                copy.term(),
                copy.end().position(),
                copy.at(),
                copy.disks().stream()
                        .map(disk -> new CopyReport.Disk(disk.name(), disk.size(), disk.content(), disk.digest()))
                        .toList(),
                (System.nanoTime() - begun) / NANOS_PER_MILLI,
                done);
    }

    /** Whether it has ended, after waiting for that at most so long. */
    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        return thread.join(atMost);
    }

    boolean hasEnded() {
        return !thread.isAlive();
    }

    /** Waits until it has ended, whatever comes. */
    void awaitEnd() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException stopped) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it, if it isn't done yet, and what it has made so far is removed. */
    public void giveUp(String why) {
        givenUp = why;
    }

    /**
     * What it has made.
     *
     * @throws GodwitException why it was not made
     */
    public CopyReport report() {
        CopyReport made = report;
        GodwitException why = failure;
        if (made == null) {
            throw why == null ? new GodwitException(ErrorCode.FAILED, "the copy ended without a word") : why;
        }
        return made;
    }

    public CopyProgress progress() {
        return watch.progress();
    }

    private final class Watch implements CopyWatch {
        private Step step = Step.COPYING;
        private long total;
        private long done;
        private long since = System.nanoTime();

        @Override
        public synchronized void begin(Step next, long bytes) {
            step = next;
            total = bytes;
            done = 0;
            since = System.nanoTime();
        }

        @Override
        public synchronized void done(long bytes) {
            done += bytes;
            String why = givenUp;
            if (why != null) {
                throw new GodwitException(ErrorCode.FAILED, "the copy was given up: " + why);
            }
        }

        synchronized CopyProgress progress() {
            long nanos = Math.max(1, System.nanoTime() - since);
            long rate = (long) (done / (nanos / SECOND_NANOS));
            long left = Math.max(0, total - done);
            return new CopyProgress(
                    step.name().toLowerCase(Locale.ROOT),
                    done,
                    total,
                    rate,
                    rate == 0 ? Optional.empty() : Optional.of(left * 1000 / rate));
        }
    }
}
