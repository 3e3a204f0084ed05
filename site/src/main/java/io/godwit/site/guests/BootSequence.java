package io.godwit.site.guests;

import io.godwit.api.VmDefinition;
import io.godwit.core.GodwitException;
import io.godwit.core.VmName;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Boots a group's machines, each when those that it waits for are ready. A machine that has had its time is waited for no longer, ready or not: a
 * service that may come up late is better than one that never does.
 */
public final class BootSequence {
    /** For so long a machine is waited for. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Logger LOG = System.getLogger(BootSequence.class.getName());

    /** Where the machines are. */
    public interface Fleet {
        /** Whether others need wait for that machine no longer. */
        boolean ready(VmDefinition vm) throws InterruptedException;

        void boot(VmDefinition vm) throws IOException, InterruptedException;
    }

    private final Map<VmName, VmDefinition> all = new HashMap<>();
    private final List<VmDefinition> waiting;
    private final Fleet fleet;
    private final Set<VmName> settled = new HashSet<>();
    private final Map<VmName, Long> waitedForSince = new HashMap<>();

    /**
     * @param all the group's machines
     * @param missing those that are to be booted
     */
    public BootSequence(List<VmDefinition> all, List<VmDefinition> missing, Fleet fleet) {
        all.forEach(vm -> this.all.put(vm.name(), vm));
        this.waiting = new ArrayList<>(missing);
        this.fleet = fleet;
    }

    /** Goes on until all are booted, or nobody wants it any more. A machine that can't be booted is tried again. */
    void run(BooleanSupplier wanted) {
        try {
            while (wanted.getAsBoolean() && !attempt()) {
                Thread.sleep(POLL);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean attempt() throws InterruptedException {
        try {
            return step(System.nanoTime());
        } catch (IOException | GodwitException failed) {
            LOG.log(Level.ERROR, "a machine cannot be booted, and is tried again: {0}", failed.getMessage());
            return false;
        }
    }

    /**
     * Boots what may be booted now.
     *
     * @param nanos the time, of {@link System#nanoTime}
     * @return whether all are booted
     */
    public boolean step(long nanos) throws IOException, InterruptedException {
        for (VmDefinition vm : List.copyOf(waiting)) {
            if (mayBoot(vm, nanos)) {
                fleet.boot(vm);
                waiting.remove(vm);
                waitedForSince.put(vm.name(), nanos);
            }
        }
        return waiting.isEmpty();
    }

    private boolean mayBoot(VmDefinition vm, long nanos) throws InterruptedException {
        boolean may = true;
        for (VmName other : vm.waitsFor()) {
            may &= settled(other, nanos);
        }
        return may;
    }

    private boolean settled(VmName name, long nanos) throws InterruptedException {
        VmDefinition vm = all.get(name);
        if (vm == null || settled.contains(name)) {
            return true;
        }
        if (waiting.contains(vm)) {
            return false;
        }
        boolean ready = fleet.ready(vm);
        long since = waitedForSince.computeIfAbsent(name, first -> nanos);
        boolean late = nanos - since >= PATIENCE.toNanos();
        if (late && !ready) {
            LOG.log(
                    Level.WARNING,
                    "machine {0} is not ready after {1} s; those that wait for it are booted all the same",
                    name,
                    PATIENCE.toSeconds());
        }
        if (ready || late) {
            settled.add(name);
        }
        return ready || late;
    }
}
