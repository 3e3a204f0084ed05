package io.godwit.lab.demo;

import io.godwit.core.ByteCount;
import io.godwit.core.GroupName;
import io.godwit.core.VmName;
import io.godwit.lab.Lab;
import io.godwit.lab.LabSite;
import io.godwit.lab.LabSites;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Makes one thing fail, for real and once, and mends what doesn't mend itself. */
final class FaultInjector {
    /** A link that goes down, or a disk that fills up, is back after so long. */
    private static final Duration OUTAGE = Duration.ofSeconds(10);

    private static final long BLOCK_BYTES = 4096;

    private final Lab lab;
    private final LabSite source;
    private final LabSite target;
    private final GroupName group;
    private final VmName vm;
    private final Fault fault;
    private final DemoScreen screen;
    private final AtomicBoolean struck = new AtomicBoolean();
    private volatile Thread mending = Thread.currentThread();

    FaultInjector(Lab lab, LabSite source, LabSite target, GroupName group, VmName vm, Fault fault, DemoScreen screen) {
        this.lab = lab;
        this.source = source;
        this.target = target;
        this.group = group;
        this.vm = vm;
        this.fault = fault;
        this.screen = screen;
    }

    Fault fault() {
        return fault;
    }

    /** Strikes if the move is in the fault's phase; at most once. */
    void phase(String word) {
        if (word.equals(fault.phase()) && struck.compareAndSet(false, true)) {
            screen.note("fault: " + fault);
            strike();
        }
    }

    boolean hasStruck() {
        return struck.get();
    }

    private void strike() {
        switch (fault.kind()) {
            case KILL_SOURCE_DAEMON -> lab.process(LabSites.daemon(source)).kill();
            case KILL_TARGET_DAEMON -> lab.process(LabSites.daemon(target)).kill();
            case KILL_SOURCE_QEMU -> killQemu(source);
            case KILL_TARGET_QEMU -> killQemu(target);
            case LINK_DOWN -> {
                lab.link("wan").down();
                mendLater(() -> lab.link("wan").up());
            }
            case TARGET_DISK_FULL -> {
                Path filler = target.stateDir().resolve("filler");
                fill(filler);
                mendLater(() -> delete(filler));
            }
        }
    }

    private void killQemu(LabSite site) {
        MachineProcess.of(site, group, vm)
                .ifPresentOrElse(
                        ProcessHandle::destroyForcibly,
                        () -> screen.note("no machine runs at " + site.name() + " now"));
    }

    private void mendLater(Runnable mend) {
        mending = Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(OUTAGE);
                mend.run();
                screen.note("mended: " + fault);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Waits until what was broken is mended. */
    void awaitMended() throws InterruptedException {
        if (mending != Thread.currentThread()) {
            mending.join();
        }
    }

    /** Takes all the room there is, without writing it. */
    private void fill(Path filler) {
        try {
            long free = Files.getFileStore(target.stateDir()).getUnallocatedSpace();
            for (long part = free; part >= BLOCK_BYTES; part /= 2) {
                while (grow(filler, part)) {
                    screen.note("took " + new ByteCount(part) + " of the disk of " + target.name());
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static boolean grow(Path file, long bytes) throws IOException {
        long size = Files.exists(file) ? Files.size(file) : 0;
        Process process = new ProcessBuilder(
                        "fallocate", "-o", Long.toString(size), "-l", Long.toString(bytes), file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return process.waitFor() == 0;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException stuck) {
            throw new UncheckedIOException(stuck);
        }
    }
}
