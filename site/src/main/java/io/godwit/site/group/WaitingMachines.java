package io.godwit.site.group;

import io.godwit.api.VmDefinition;
import io.godwit.core.VmName;
import io.godwit.network.Placement;
import io.godwit.site.disks.DiskFront;
import io.godwit.site.disks.ScratchDisks;
import io.godwit.site.guests.Guests;
import io.godwit.site.guests.Ports;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Machines of a warm standby: each in a QEMU that waits for its device state, on disks of a replica.
 *
 * @param store that the disks are of
 */
record WaitingMachines(GroupStore store, DiskFront front, Guests guests, Ports ports) {
    /** Is told when the QEMU of a machine has ended by itself. */
    interface Mourner extends BiConsumer<WaitingMachines, VmName> {}

    /** Starts them; what an earlier daemon has left is ended first. */
    static WaitingMachines on(GroupStore store, GroupAgent agent, Mourner mourner)
            throws IOException, InterruptedException {
        ScratchDisks.discard(agent.files(), agent.record().definition());
        Guests guests = new Guests(agent.files(), agent.record());
        guests.killLeftovers();
        WaitingMachines fresh = with(guests, store, agent, mourner);
        try {
            guests.startIncoming();
            return fresh;
        } catch (IOException | RuntimeException failed) {
            fresh.dismiss();
            throw failed;
        }
    }

    /** Those that an earlier daemon let wait, if all of them still do: what it brought into their memory is there. */
    static Optional<WaitingMachines> adopted(GroupStore store, GroupAgent agent, Mourner mourner)
            throws IOException, InterruptedException {
        Guests guests = new Guests(agent.files(), agent.record());
        List<VmName> all = agent.record().definition().vms().stream()
                .map(VmDefinition::name)
                .toList();
        try {
            guests.adopt();
            if (guests.incoming().equals(all)) {
                return Optional.of(with(guests, store, agent, mourner));
            }
        } catch (IOException | RuntimeException failed) {
            guests.leave();
            throw failed;
        }
        guests.leave();
        return Optional.empty();
    }

    private static WaitingMachines with(Guests guests, GroupStore store, GroupAgent agent, Mourner mourner)
            throws IOException {
        WaitingMachines machines = new WaitingMachines(
                store,
                DiskFront.expecting(agent.site(), agent.files(), agent.record().definition(), store, agent.lease()),
                guests,
                new Ports(agent.site().edge(), agent.record().definition()));
        machines.ports.attach(Placement.ELSEWHERE);
        guests.whenOneDies(vm -> Thread.ofVirtual().name("standby-died").start(() -> mourner.accept(machines, vm)));
        return machines;
    }

    /** Lets go of them; they wait on, for the next daemon. */
    void leave() throws IOException {
        guests.leave();
        front.close();
    }

    /** Ends them; the store stays open. */
    void dismiss() throws IOException, InterruptedException {
        guests.kill();
        front.close();
        ports.detach();
    }
}
