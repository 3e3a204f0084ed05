package io.godwit.site.group;

import io.godwit.api.ApiRequest;
import io.godwit.api.FailoverTestReport;
import io.godwit.api.FailoverTestReport.Check;
import io.godwit.api.FailoverTestReport.Machine;
import io.godwit.api.PointWish;
import io.godwit.api.PointsReport.OpenPoint;
import io.godwit.api.VmDefinition;
import io.godwit.core.Command;
import io.godwit.core.GodwitException;
import io.godwit.hypervisor.Qemu;
import io.godwit.network.Ipv4Address;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tries a failover out: the group's machines are booted at this site from copies of its disks that may be written to, in a network which is
 * like the service network and leads nowhere, while the group is served and replicated as before. A failover that is meant ends it.
 */
public final class FailoverTrial {
    private static final Logger LOG = System.getLogger(FailoverTrial.class.getName());
    private static final Duration ECHO = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int SHOWN_CHARS = 4_096;
    private static final int NO_EXIT = -1;

    private final GroupAgent agent;
    private volatile @Nullable TrialMachines running;
    private volatile boolean giveUp;

    FailoverTrial(GroupAgent agent) {
        this.agent = agent;
    }

    /** Does it; what it started is ended again, unless it is to be kept. */
    public synchronized FailoverTestReport run(ApiRequest.TestFailover order) throws IOException, InterruptedException {
        if (running != null) {
            throw GroupAgent.refusal("a test of group %s is up already: end it with 'godwit failover %s --end-test'"
                    .formatted(agent.name(), agent.name()));
        }
        requireQuiet();
        long begun = System.nanoTime();
        OpenPoint point =
                agent.history().open(order.at().orElseGet(() -> PointWish.parse(PointWish.NEWEST)), true, List.of());
        boolean kept = false;
        try {
            TrialMachines machines = new TrialMachines(agent, point);
            running = machines;
            Duration patience = Duration.ofSeconds(order.patienceSeconds());
            Map<VmDefinition, Long> answered = boot(machines, patience);
            boolean all = answered.size() == definitions().size();
            Optional<Check> check = all ? check(machines, order.check(), patience) : Optional.empty();
            boolean passed = all && check.filter(ran -> ran.exitCode() != 0).isEmpty();
            if (giveUp) {
                throw ended();
            }
            kept = order.keep();
            return new FailoverTestReport(
                    agent.name(),
                    agent.site().name(),
                    point.point(),
                    passed,
                    definitions().stream()
                            .map(vm -> new Machine(vm.name(), vm.address(), Optional.ofNullable(answered.get(vm))))
                            .toList(),
                    check,
                    kept,
                    millisSince(begun));
        } catch (RuntimeException failed) {
            throw giveUp ? ended() : failed;
        } finally {
            if (!kept) {
                clear(point.id());
            }
        }
    }

    private GodwitException ended() {
        return GroupAgent.refusal("the test of group %s was ended before it was done".formatted(agent.name()));
    }

    private List<VmDefinition> definitions() {
        return agent.record().definition().vms();
    }

    /** A move that arrives needs the memory, and where the group runs its machines have the best of reasons to. */
    private void requireQuiet() {
        if (agent.role() instanceof Following following && following.incoming().isPresent()) {
            throw GroupAgent.refusal(
                    "group %s is just moving here: test a failover when it has".formatted(agent.name()));
        }
    }

    /** Boots all, and waits for their addresses; returns when each answered, in milliseconds since its boot. */
    private Map<VmDefinition, Long> boot(TrialMachines machines, Duration patience)
            throws IOException, InterruptedException {
        Map<VmDefinition, Long> begun = new LinkedHashMap<>();
        for (VmDefinition vm : definitions()) {
            begun.put(vm, System.nanoTime());
            machines.boot(vm);
        }
        Map<VmDefinition, Long> answered = new LinkedHashMap<>();
        long deadline = System.nanoTime() + patience.toNanos();
        while (answered.size() < begun.size() && !giveUp && System.nanoTime() - deadline < 0) {
            for (VmDefinition vm : begun.keySet()) {
                if (!answered.containsKey(vm) && machines.bubble().answers(Ipv4Address.parse(vm.address()), ECHO)) {
                    answered.put(vm, millisSince(begun.get(vm)));
                }
            }
        }
        return answered;
    }

    private static long millisSince(@Nullable Long nanoTime) {
        return nanoTime == null
                ? 0
                : Duration.ofNanos(System.nanoTime() - nanoTime).toMillis();
    }

    /** Runs it again and again until it succeeds or the time is up: who answers an echo request may not have begun its service yet. */
    private Optional<Check> check(TrialMachines machines, Optional<String> wanted, Duration patience)
            throws InterruptedException {
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        String line = wanted.get();
        long deadline = System.nanoTime() + patience.toNanos();
        Check last = checkOnce(machines, line, patience);
        while (last.exitCode() != 0 && !giveUp && System.nanoTime() + PAUSE.toNanos() - deadline < 0) {
            Thread.sleep(PAUSE);
            last = checkOnce(machines, line, Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        }
        return Optional.of(last);
    }

    private static Check checkOnce(TrialMachines machines, String line, Duration atMost) throws InterruptedException {
        try {
            Command.Outcome outcome = machines.bubble()
                    .within(() -> Command.of("sh", "-c", line).within(atMost).attempt());
            String said = outcome.output().strip();
            return new Check(
                    line, outcome.exitCode(), said.length() > SHOWN_CHARS ? said.substring(0, SHOWN_CHARS) : said);
        } catch (GodwitException overdue) {
            return new Check(line, NO_EXIT, overdue.sentence());
        } catch (IOException broken) {
            return new Check(line, NO_EXIT, String.valueOf(broken.getMessage()));
        }
    }

    /** Ends a test, also one that has left its machines running; does nothing if there is none. */
    public void end() throws IOException, InterruptedException {
        giveUp = true;
        TrialMachines now = running;
        if (now != null) {
            now.bubble().close();
        }
        synchronized (this) {
            TrialMachines machines = running;
            if (machines != null) {
                clear(machines.point());
            }
            giveUp = false;
        }
    }

    private void clear(String point) throws IOException, InterruptedException {
        TrialMachines machines = running;
        running = null;
        try {
            if (machines != null) {
                machines.close();
            }
        } finally {
            agent.history().close(point);
        }
    }

    /** Ends machines that an earlier daemon has left behind, whose disks are gone, and removes what those had that have ended. */
    void clearAway() throws IOException, InterruptedException {
        for (VmDefinition vm : definitions()) {
            if (Qemu.killAbandoned(TrialMachines.spec(agent, vm, ""))) {
                LOG.log(
                        Level.INFO,
                        "machine {0} of a test of group {1} was left behind, and is gone now",
                        vm.name(),
                        agent.name());
            }
            Files.deleteIfExists(agent.files().trialRam(vm.name()));
        }
    }

    /** The machines would have no disks without this daemon. */
    void leave() throws IOException {
        try {
            end();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
