package io.godwit.hypervisor;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/**
 * Keeps what a guest and its QEMU say from filling the host's disk: a log that has grown beyond a size is put aside, in
 * place of the one that was put aside before. Whoever writes a log must have opened it for appending.
 */
final class LogCap implements AutoCloseable {
    private static final Logger LOG = System.getLogger(LogCap.class.getName());
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    static final long MAX_BYTES = 4L << 20;

    private final List<Path> logs;
    private final Thread thread;

    LogCap(List<Path> logs) {
        this.logs = List.copyOf(logs);
        this.thread = Thread.ofVirtual().name("log-cap").start(this::watch);
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(LOOK_EVERY);
                for (Path log : logs) {
                    cap(log);
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (IOException failed) {
            LOG.log(Level.WARNING, "the size of {0} is not limited any more: {1}", logs, failed);
        }
    }

    /** Puts the log aside if it is too large; what is written in just this moment may be lost. */
    static void cap(Path log) throws IOException {
        try {
            if (Files.size(log) > MAX_BYTES) {
                Files.copy(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
                try (FileChannel open = FileChannel.open(log, StandardOpenOption.WRITE)) {
                    open.truncate(0);
                }
            }
        } catch (NoSuchFileException ended) {
            // Nothing is written any more.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
