package io.godwit.site.trial;

import io.godwit.api.ApiRequest;
import io.godwit.api.FailoverTestStatus;
import io.godwit.api.VmDefinition;
import io.godwit.core.GodwitException;
import io.godwit.hypervisor.Qemu;
import io.godwit.site.group.Following;
import io.godwit.site.group.GroupAgent;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tries a failover out: the group's machines are booted at this site from copies of its disks that may be written to, in a network which is
 * like the service network and leads nowhere, while the group is served and replicated as before. There is one test at a time. A failover that
 * is meant ends it.
 */
public final class FailoverTrial {
    private static final Logger LOG = System.getLogger(FailoverTrial.class.getName());

    private final GroupAgent agent;
    private @Nullable TrialRun current;

    public FailoverTrial(GroupAgent agent) {
        this.agent = agent;
    }

    /**
     * Begins a test.
     *
     * @throws GodwitException CONFLICT while there is another one, or while a move or a failover needs the memory
     */
    public synchronized TrialRun begin(ApiRequest.TestFailover order) {
        if (current != null) {
            throw GroupAgent.refusal("a test of group %s is %s already: 'godwit failover %s --end-test' ends it"
                    .formatted(agent.name(), current.over() ? "up" : "under way", agent.name()));
        }
        requireQuiet();
        TrialRun begun = new TrialRun(agent, order, this::forget);
        current = begun;
        begun.start();
        return begun;
    }

    private synchronized void forget(TrialRun gone) {
        if (current == gone) {
            current = null;
        }
    }

    /** A move that arrives needs the memory, and where the group runs its machines have the best of reasons to. */
    private void requireQuiet() {
        if (agent.role() instanceof Following following && following.incoming().isPresent()) {
            throw GroupAgent.refusal(
                    "group %s is just moving here: test a failover when it has".formatted(agent.name()));
        }
    }

    private synchronized Optional<TrialRun> current() {
        return Optional.ofNullable(current);
    }

    /** The test that is up, if there is one. */
    public Optional<FailoverTestStatus> status() {
        return current().map(TrialRun::status);
    }

    /**
     * Ends the test that is under way, or that was kept.
     *
     * @throws GodwitException CONFLICT if there is none
     */
    public void end() throws InterruptedException {
        if (!endAny("--end-test")) {
            throw GroupAgent.refusal("there is no test of group %s to end".formatted(agent.name()));
        }
    }

    /** Ends the test, if there is one; returns whether there was. */
    public boolean endAny(String why) throws InterruptedException {
        Optional<TrialRun> known = current();
        if (known.isPresent()) {
            known.get().end(why);
        }
        return known.isPresent();
    }

    /** Ends what a test of an earlier daemon has left behind, whose machines have no disks any more, and removes what it had. */
    public void clearAway() throws IOException, InterruptedException {
        TrialPlace place = new TrialPlace(agent.files());
        place.endOccupants();
        for (VmDefinition vm : agent.record().definition().vms()) {
            if (Qemu.killAbandoned(TrialMachines.spec(agent, vm, ""))) {
                LOG.log(
                        Level.INFO,
                        "machine {0} of a test of group {1} was left behind, and is gone now",
                        vm.name(),
                        agent.name());
            }
            Files.deleteIfExists(agent.files().trialRam(vm.name()));
        }
        place.remove();
    }

    /** The machines would have no disks without this daemon. */
    public void leave() {
        try {
            endAny("the site is stopping");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
