package io.godwit.site.trial;

import io.godwit.api.EssentialState;
import io.godwit.api.GroupDefinition.StateDisk;
import io.godwit.api.VmDefinition;
import io.godwit.core.GodwitException;
import io.godwit.core.VmName;
import io.godwit.hypervisor.Qemu;
import io.godwit.site.essential.SavedState;
import io.godwit.site.group.GroupAgent;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Gives the machines of a test failover the essential state that they had at the test's point.
 *
 * @param point the open point's id
 */
record TrialStates(GroupAgent agent, String point, TrialMachines machines) {
    private static final Logger LOG = System.getLogger(TrialStates.class.getName());
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Whether each machine that had some took it in time. */
    Map<VmName, Boolean> give(Duration patience, BooleanSupplier givenUp) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        Map<VmName, Boolean> taken = new HashMap<>();
        for (StateDisk disk : agent.record().definition().stateDisks()) {
            Optional<SavedState> state = agent.history().essentialAt(point, disk);
            if (state.isPresent()) {
                taken.put(disk.vm(), give(disk.vm(), state.get(), deadline, givenUp));
            }
        }
        return taken;
    }

    private boolean give(VmName vm, SavedState state, long deadline, BooleanSupplier givenUp)
            throws InterruptedException {
        boolean taken = attempt(vm, state);
        while (!taken && !givenUp.getAsBoolean() && System.nanoTime() + PAUSE.toNanos() - deadline < 0) {
            Thread.sleep(PAUSE);
            taken = attempt(vm, state);
        }
        return taken;
    }

    private boolean attempt(VmName vm, SavedState state) throws InterruptedException {
        EssentialState wish = agent.record().definition().vms().stream()
                .filter(known -> known.name().equals(vm))
                .findFirst()
                .flatMap(VmDefinition::essential)
                .orElseThrow();
        Qemu machine = machines.machine(vm);
        try {
            if (machine.hasAgent()) {
                machine.agent().give(wish.importing(), state.content(), wish.within());
                return true;
            }
        } catch (GodwitException failed) {
            LOG.log(Level.WARNING, "a test of group {0}: {1}", agent.name(), failed.sentence());
        }
        return false;
    }
}
