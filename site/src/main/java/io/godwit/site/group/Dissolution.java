package io.godwit.site.group;

import io.godwit.core.GodwitException;
import io.godwit.core.VmName;
import io.godwit.site.guests.Guests;
import io.godwit.site.guests.Ports;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;

/** The end of a group at this site: afterwards its agent has let go of everything. */
record Dissolution(GroupAgent agent) {
    private static final Logger LOG = System.getLogger(Dissolution.class.getName());

    /**
     * Ends the machines, brings everything that was written into the images, tells the voters, and lets go of all.
     *
     * @param patience for machines to shut down, before their power is cut
     * @return those whose power was cut
     */
    List<VmName> carryOut(Duration patience) throws IOException, InterruptedException {
        return switch (agent.role()) {
            case Following following -> {
                agent.memory().standby().dismiss();
                agent.leave();
                new Guests(agent.files(), agent.record()).killLeftovers();
                yield List.of();
            }
            case Serving serving -> {
                List<VmName> cut = standStill(serving, patience);
                if (agent.tenancy().isPresent()) {
                    agent.tenancy().get().retire();
                }
                agent.leave();
                unplug(serving.ports());
                yield cut;
            }
        };
    }

    private void unplug(Ports ports) {
        try {
            ports.detach();
            ports.addresses().forEach(agent.site().edge().speaker()::withdraw);
        } catch (GodwitException failed) {
            LOG.log(
                    Level.WARNING,
                    "group {0} is not served here any more, but its addresses may still be announced: {1}",
                    agent.name(),
                    failed.sentence());
        }
    }

    private List<VmName> standStill(Serving serving, Duration patience) throws IOException, InterruptedException {
        agent.changing().lock();
        try {
            agent.beLeft();
            List<VmName> cut = serving.standStill(patience);
            serving.store().awaitImages(serving.store().head());
            return cut;
        } finally {
            agent.changing().unlock();
        }
    }
}
