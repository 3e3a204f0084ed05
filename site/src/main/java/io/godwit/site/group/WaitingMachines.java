package io.godwit.site.group;

import io.godwit.core.VmName;
import io.godwit.network.Placement;
import io.godwit.site.disks.DiskFront;
import io.godwit.site.disks.ScratchDisks;
import io.godwit.site.files.GroupFiles;
import io.godwit.site.guests.Guests;
import io.godwit.site.guests.Ports;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.util.function.BiConsumer;

/**
 * Machines of a warm standby: each in a QEMU that waits for its device state, on disks of a replica.
 *
 * @param store that the disks are of
 */
record WaitingMachines(GroupStore store, DiskFront front, Guests guests, Ports ports) {
    /**
     * Starts them; what an earlier daemon let wait is ended first.
     *
     * @param died is told when one of their QEMUs has ended by itself
     */
    static WaitingMachines on(GroupStore store, GroupAgent agent, BiConsumer<WaitingMachines, VmName> died)
            throws IOException, InterruptedException {
        GroupFiles files = agent.files();
        ScratchDisks.discard(files, agent.record().definition());
        WaitingMachines fresh = new WaitingMachines(
                store,
                DiskFront.expecting(agent.site(), files, agent.record().definition(), store, agent.lease()),
                new Guests(files, agent.record()),
                new Ports(agent.site().edge(), agent.record().definition()));
        try {
            fresh.guests.killLeftovers();
            fresh.ports.attach(Placement.ELSEWHERE);
            fresh.guests.whenOneDies(
                    vm -> Thread.ofVirtual().name("standby-died").start(() -> died.accept(fresh, vm)));
            fresh.guests.startIncoming();
            return fresh;
        } catch (IOException | RuntimeException failed) {
            fresh.dismiss();
            throw failed;
        }
    }

    /** Ends them; the store stays open. */
    void dismiss() throws IOException, InterruptedException {
        guests.kill();
        front.close();
        ports.detach();
    }
}
