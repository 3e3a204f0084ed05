package io.godwit.site.guests;

import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.hypervisor.Qemu;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Stops machines side by side. One computes no more before it has stopped wholly: its requests to its disks may be under way for longer.
 *
 * @param stopped is told of each that has stopped wholly
 */
record Halt(GroupName group, Consumer<Qemu> stopped) {
    private static final Logger LOG = System.getLogger(Halt.class.getName());

    /** Returns when none computes any more, or the time is up: whether it was in time. */
    boolean stop(List<Qemu> machines, Duration atMost) throws InterruptedException {
        CountDownLatch computing = new CountDownLatch(machines.size());
        machines.forEach(machine -> Thread.ofVirtual().name("halt").start(() -> stop(machine, computing)));
        return computing.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void stop(Qemu machine, CountDownLatch computing) {
        AtomicBoolean counted = new AtomicBoolean();
        Runnable still = () -> {
            if (counted.compareAndSet(false, true)) {
                computing.countDown();
            }
        };
        try {
            machine.pause(still);
            still.run();
            stopped.accept(machine);
        } catch (GodwitException slow) {
            LOG.log(Level.WARNING, "group {0}: a machine does not stop: {1}", group, slow.sentence());
        }
    }
}
