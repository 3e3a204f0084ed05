package io.godwit.site.guests;

import io.godwit.api.GroupStatus;
import io.godwit.api.VmDefinition;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.VmName;
import io.godwit.hypervisor.Qemu;
import io.godwit.hypervisor.Start;
import io.godwit.hypervisor.VmState;
import io.godwit.site.files.GroupFiles;
import io.godwit.site.files.GroupRecord;
import io.godwit.site.move.SideBySide;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A group's virtual machines at this site, each in a QEMU that outlives the daemon. */
public final class Guests {
    private static final Logger LOG = System.getLogger(Guests.class.getName());

    private static final Duration POWER_POLL = Duration.ofMillis(50);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final String SILENT = "silent";

    private volatile GroupRecord record;
    private final MachineSpecs specs;
    private final Blankness blankness;
    private final Map<VmName, Qemu> machines = new LinkedHashMap<>();
    /** Held while machines are started or ended: a QEMU may wait for its disks for long, and halting the others must not wait for it. */
    private final ReentrantLock starting = new ReentrantLock();

    private volatile Consumer<VmName> whenOneDies = vm -> {};
    private volatile boolean halted;
    private volatile boolean still;
    private final BootTurns turns = new BootTurns(this);

    public Guests(GroupFiles files, GroupRecord record) {
        this.record = record;
        this.specs = new MachineSpecs(files, record);
        this.blankness = new Blankness(files);
    }

    /** What is done for the machines, beside running them, is like this from now on. */
    public void follow(GroupRecord changed) {
        boolean reordered = !order(record).equals(order(changed));
        record = changed;
        if (reordered) {
            turns.follow(changed);
        }
    }

    private static List<Object> order(GroupRecord of) {
        return of.definition().vms().stream()
                .flatMap(vm -> Stream.of(vm.waitsFor(), vm.readyPort()))
                .toList();
    }

    /** What to do from now on when a machine's QEMU ends without having been told to. */
    public void whenOneDies(Consumer<VmName> action) {
        whenOneDies = action;
    }

    /** Takes over the machines that an earlier daemon started, also one that doesn't answer before its disks are served. */
    public void adopt() throws IOException, InterruptedException {
        for (VmDefinition vm : record.definition().vms()) {
            Optional<Qemu> found = Qemu.adopt(specs.of(vm));
            if (found.isPresent()) {
                keep(vm, found.get());
            }
        }
    }

    /** Starts every machine anew, waiting for memory and device state. */
    public void startIncoming() throws IOException, InterruptedException {
        starting.lock();
        try {
            for (VmDefinition vm : record.definition().vms()) {
                blankness.forget(vm.name());
                start(vm, Start.INCOMING);
            }
        } finally {
            starting.unlock();
        }
    }

    /** Those of the machines that wait for memory and device state. */
    public List<VmName> incoming() {
        List<VmName> waiting = new ArrayList<>();
        for (VmName name : names()) {
            if (machine(name).state() == VmState.INMIGRATE) {
                waiting.add(name);
            }
        }
        return waiting;
    }

    /** Something to be done while no machine computes. */
    public interface StillWork<T> {
        T run() throws IOException, InterruptedException;
    }

    /**
     * Has every machine stand still while that is done. Afterwards they go on, but for those that were to be halted meanwhile.
     *
     * @throws GodwitException CONFLICT if not all of the group's machines run
     */
    public <T> T whileStill(StillWork<T> work) throws IOException, InterruptedException {
        List<Qemu> all = allRunning();
        still = true;
        try {
            SideBySide.run(all, Qemu::pause);
            return work.run();
        } finally {
            goOn(all);
            still = false;
        }
    }

    private List<Qemu> allRunning() {
        List<Qemu> all = new ArrayList<>();
        for (VmDefinition vm : record.definition().vms()) {
            Qemu machine = machine(vm.name());
            if (halted || machine.state() != VmState.RUNNING) {
                throw new GodwitException(ErrorCode.CONFLICT, "machine %s does not run now".formatted(vm.name()));
            }
            all.add(machine);
        }
        return all;
    }

    private synchronized void goOn(List<Qemu> all) {
        if (!halted) {
            all.stream().filter(machines::containsValue).forEach(this::goOn);
        }
    }

    /** One that has just ended must not keep the others from going on. */
    private void goOn(Qemu machine) {
        try {
            machine.resume();
        } catch (GodwitException ended) {
            LOG.log(Level.WARNING, "group {0}: a machine does not go on: {1}", record.name(), ended.sentence());
        }
    }

    /** Boots those that are not there, and lets them run, if they aren't halted meanwhile. Those that wait for others follow, each in its turn. */
    public void bootMissing() throws IOException, InterruptedException {
        starting.lock();
        try {
            List<VmDefinition> missing = record.definition().vms().stream()
                    .filter(vm -> running(vm.name()).isEmpty())
                    .toList();
            for (VmDefinition vm : missing) {
                if (vm.waitsFor().isEmpty()) {
                    boot(vm);
                }
            }
            turns.begin(
                    record,
                    missing.stream().filter(vm -> !vm.waitsFor().isEmpty()).toList());
        } finally {
            starting.unlock();
        }
    }

    private void boot(VmDefinition vm) throws IOException, InterruptedException {
        LOG.log(Level.INFO, "machine {0} of group {1} is booted from its disks", vm.name(), record.name());
        blankness.note(vm);
        start(vm, Start.BOOT);
        synchronized (this) {
            if (!halted) {
                running(vm.name()).ifPresent(Qemu::resume);
            }
        }
    }

    /** Whether a machine is ready for those that wait for it. */
    boolean ready(VmDefinition vm) {
        return !halted && !blankness.of(vm.name()) && Readiness.of(vm, running(vm.name()));
    }

    /** Boots one that waited for others, if it isn't there and that is still wanted. */
    void bootInTurn(VmDefinition vm, BooleanSupplier wanted) throws IOException, InterruptedException {
        starting.lock();
        try {
            if (wanted.getAsBoolean() && running(vm.name()).isEmpty()) {
                boot(vm);
            }
        } finally {
            starting.unlock();
        }
    }

    public synchronized Optional<Qemu> running(VmName vm) {
        return Optional.ofNullable(machines.get(vm));
    }

    /** Whether any of the machines is there. */
    public synchronized boolean any() {
        return !machines.isEmpty();
    }

    /** Whether that is the QEMU that the machine has now. */
    public synchronized boolean isRunning(VmName vm, Qemu qemu) {
        return machines.get(vm) == qemu;
    }

    /** The QEMU of a machine that is let run, whichever it is, also one that hangs; empty if there is none, or it stands still. */
    Optional<Object> runs(VmName vm) {
        String state = state(vm);
        boolean letRun = !still && (state.equals("running") || state.equals(SILENT));
        return letRun ? running(vm).map(Object.class::cast) : Optional.empty();
    }

    public Qemu machine(VmName vm) {
        return running(vm)
                .orElseThrow(() -> new GodwitException(ErrorCode.NOT_FOUND, "machine %s is not running".formatted(vm)));
    }

    /** Lets every machine run; one that runs already goes on. */
    public synchronized void resume() {
        halted = false;
        machines.values().forEach(Qemu::resume);
    }

    /**
     * Stops every machine until {@link #resume}; returns when none computes any more, or the time is up. A machine's requests to its disks may
     * be under way for longer, and it answers nobody meanwhile.
     */
    public void halt(Duration atMost) throws InterruptedException {
        List<Qemu> all;
        synchronized (this) {
            halted = true;
            all = List.copyOf(machines.values());
        }
        if (!new Halt(record.name(), this::stopped).stop(all, atMost)) {
            LOG.log(Level.WARNING, "group {0}: not every machine has stopped yet", record.name());
        }
    }

    /** Who was let run meanwhile goes on. */
    private synchronized void stopped(Qemu machine) {
        if (!halted && machines.containsValue(machine)) {
            machine.resume();
        }
    }

    /**
     * Ends every machine: those that listen to their power button shut down, and the power of the others is cut when the time is over.
     *
     * @return those whose power was cut
     */
    public List<VmName> shutDown(Duration patience) throws IOException, InterruptedException {
        List<Qemu> all = startNoMore();
        if (patience.isPositive()) {
            all.forEach(Guests::pressPower);
        }
        for (long end = System.nanoTime() + patience.toNanos(); any() && System.nanoTime() < end; ) {
            Thread.sleep(POWER_POLL);
        }
        List<VmName> running;
        synchronized (this) {
            running = List.copyOf(machines.keySet());
            machines.clear();
        }
        for (Qemu machine : all) {
            machine.kill();
        }
        return running;
    }

    private List<Qemu> startNoMore() {
        starting.lock();
        try {
            whenOneDies = vm -> {};
            turns.forget();
            synchronized (this) {
                return List.copyOf(machines.values());
            }
        } finally {
            starting.unlock();
        }
    }

    private static void pressPower(Qemu machine) {
        try {
            machine.pressPower();
        } catch (GodwitException ended) {
            LOG.log(Level.DEBUG, "a machine ended before its power button was pressed", ended);
        }
    }

    /** Those that are there. */
    public synchronized List<VmName> names() {
        return List.copyOf(machines.keySet());
    }

    /** Ends every machine at once, as if its power had been cut. */
    public void kill() throws IOException, InterruptedException {
        shutDown(Duration.ZERO);
    }

    /** Ends machines that an earlier daemon left behind. */
    public void killLeftovers() throws IOException, InterruptedException {
        for (VmDefinition vm : record.definition().vms()) {
            Qemu.killAbandoned(specs.of(vm));
        }
    }

    /** Lets go of the machines, which run on. */
    public void leave() {
        startNoMore().forEach(Qemu::close);
        synchronized (this) {
            machines.clear();
        }
    }

    public List<GroupStatus.Vm> status() {
        return record.definition().vms().stream()
                .map(vm -> new GroupStatus.Vm(vm.name(), vm.address(), state(vm.name())))
                .toList();
    }

    private String state(VmName vm) {
        Optional<Qemu> machine = running(vm);
        if (machine.isEmpty() && turns.awaits(vm)) {
            return "waiting";
        }
        if (halted && machine.isPresent()) {
            return "halted";
        }
        if (machine.filter(running -> !running.answers()).isPresent()) {
            return SILENT;
        }
        try {
            return machine.map(running -> running.state(LOOK).name().toLowerCase(Locale.ROOT))
                    .orElse("absent");
        } catch (GodwitException unanswered) {
            return machine.filter(Qemu::isAlive).isPresent() ? SILENT : "ended";
        }
    }

    private void start(VmDefinition vm, Start how) throws IOException, InterruptedException {
        keep(vm, Qemu.start(specs.of(vm), how));
    }

    private synchronized void keep(VmDefinition vm, Qemu machine) {
        machines.put(vm.name(), machine);
        machine.onEvent(event -> {
            switch (event) {
                case DISK_ERROR ->
                    Thread.ofVirtual().name("disk-error").start(new DiskError(vm.name(), machine)::tryAgain);
                case RESTARTED -> blankness.noteRestart(vm);
                case STOPPED, RESUMED, SHUT_DOWN, PANICKED -> {}
            }
        });
        machine.onExit(exit -> {
            if (forget(vm.name(), machine)) {
                LOG.log(Level.WARNING, "machine {0} of group {1} has ended: {2}", vm.name(), record.name(), exit);
                whenOneDies.accept(vm.name());
            }
        });
    }

    /** Which of the machines haven't got their essential state yet. */
    public Blankness blankness() {
        return blankness;
    }

    private synchronized boolean forget(VmName vm, Qemu machine) {
        return machines.remove(vm, machine);
    }
}
