package io.godwit.site.trial;

import io.godwit.api.ApiRequest;
import io.godwit.api.FailoverTestReport;
import io.godwit.api.FailoverTestReport.Check;
import io.godwit.api.FailoverTestReport.Machine;
import io.godwit.api.FailoverTestStatus;
import io.godwit.api.PointWish;
import io.godwit.api.PointsReport.OpenPoint;
import io.godwit.api.VmDefinition;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.VmName;
import io.godwit.network.Ipv4Address;
import io.godwit.site.group.GroupAgent;
import io.godwit.site.guests.BootSequence;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One test of a failover, on a thread of its own. What it started is ended with it, or, if its machines are to be kept, when {@link #end} is
 * called.
 */
public final class TrialRun {
    private static final Logger LOG = System.getLogger(TrialRun.class.getName());
    private static final Duration ECHO = Duration.ofMillis(500);

    private enum Phase {
        PREPARING,
        BOOTING,
        CHECKING,
        KEPT
    }

    private final GroupAgent agent;
    private final ApiRequest.TestFailover order;
    private final Consumer<TrialRun> whenGone;
    private final long begun = System.nanoTime();
    private final Thread thread;
    private final Map<VmName, Long> answered = new ConcurrentHashMap<>();
    private volatile Phase phase = Phase.PREPARING;
    private volatile @Nullable OpenPoint point;
    private volatile @Nullable TrialMachines machines;
    private volatile @Nullable String endedBecause;
    private volatile @Nullable FailoverTestReport report;
    private volatile @Nullable GodwitException failure;

    /** @param whenGone is told when nothing of it is left */
    TrialRun(GroupAgent agent, ApiRequest.TestFailover order, Consumer<TrialRun> whenGone) {
        this.agent = agent;
        this.order = order;
        this.whenGone = whenGone;
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("failover-test-" + agent.name())
                .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            report = attempt();
        } catch (GodwitException refused) {
            failure = ended().orElse(refused);
        } catch (IOException | InterruptedException | RuntimeException failed) {
            failure = ended().orElseGet(() -> new GodwitException(
                    ErrorCode.FAILED,
                    "the test of group %s can't be gone on with: %s".formatted(agent.name(), failed),
                    failed));
        }
        if (report == null || !order.keep()) {
            clear();
        }
    }

    private Optional<GodwitException> ended() {
        return Optional.ofNullable(endedBecause)
                .map(why -> new GodwitException(
                        ErrorCode.FAILED,
                        "the test of group %s was ended before it was done: %s".formatted(agent.name(), why)));
    }

    private void requireWanted() {
        ended().ifPresent(ended -> {
            throw ended;
        });
    }

    private FailoverTestReport attempt() throws IOException, InterruptedException {
        OpenPoint opened = agent.history().openForTest(order.at().orElseGet(() -> PointWish.parse(PointWish.NEWEST)));
        point = opened;
        TrialMachines made = new TrialMachines(agent, opened);
        machines = made;
        requireWanted();
        Duration patience = Duration.ofSeconds(order.patienceSeconds());
        boot(made, patience);
        boolean all = answered.size() == definitions().size();
        Map<VmName, Boolean> states =
                all ? new TrialStates(agent, opened.id(), made).give(patience, () -> endedBecause != null) : Map.of();
        Optional<Check> check = all ? check(made, patience) : Optional.empty();
        requireWanted();
        if (order.keep()) {
            phase = Phase.KEPT;
        }
        return new FailoverTestReport(
                agent.name(),
                agent.site().name(),
                opened.point(),
                all
                        && !states.containsValue(false)
                        && check.filter(ran -> ran.exitCode() != 0).isEmpty(),
                definitions().stream()
                        .map(vm -> new Machine(
                                vm.name(),
                                vm.address(),
                                Optional.ofNullable(answered.get(vm.name())),
                                Optional.ofNullable(states.get(vm.name()))))
                        .toList(),
                check,
                order.keep(),
                millisSince(begun));
    }

    private List<VmDefinition> definitions() {
        return agent.record().definition().vms();
    }

    /** Boots all, each when those that it waits for answer, and waits until they do, or the time is up. */
    private void boot(TrialMachines made, Duration patience) throws IOException, InterruptedException {
        Booting booting = new Booting(made);
        BootSequence sequence = new BootSequence(definitions(), definitions(), booting);
        long deadline = System.nanoTime() + patience.toNanos();
        do {
            sequence.step(System.nanoTime());
            booting.listen();
        } while (answered.size() < definitions().size() && endedBecause == null && System.nanoTime() - deadline < 0);
    }

    private final class Booting implements BootSequence.Fleet {
        private final TrialMachines made;
        private final Map<VmDefinition, Long> booted = new LinkedHashMap<>();

        Booting(TrialMachines made) {
            this.made = made;
        }

        @Override
        public boolean ready(VmDefinition vm) {
            return answered.containsKey(vm.name());
        }

        @Override
        public void boot(VmDefinition vm) throws IOException, InterruptedException {
            booted.put(vm, System.nanoTime());
            made.boot(vm);
            phase = Phase.BOOTING;
        }

        void listen() throws IOException, InterruptedException {
            for (Map.Entry<VmDefinition, Long> entry : booted.entrySet()) {
                VmDefinition vm = entry.getKey();
                if (!answered.containsKey(vm.name()) && made.bubble().answers(Ipv4Address.parse(vm.address()), ECHO)) {
                    answered.put(vm.name(), millisSince(entry.getValue()));
                }
            }
        }
    }

    private Optional<Check> check(TrialMachines made, Duration patience) throws InterruptedException {
        if (order.check().isEmpty()) {
            return Optional.empty();
        }
        phase = Phase.CHECKING;
        TrialCheck check =
                new TrialCheck(order.check().get(), new TrialPlace(agent.files()).marked(), made.bubble(), made::has);
        return Optional.of(check.run(patience, () -> endedBecause != null));
    }

    private static long millisSince(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime).toMillis();
    }

    /** Ends it, also if it is over and its machines run on; returns when nothing of it is left. */
    public void end(String why) throws InterruptedException {
        endedBecause = why;
        TrialMachines known = machines;
        if (known != null) {
            known.bubble().close();
        }
        thread.join();
        clear();
    }

    private synchronized void clear() {
        TrialMachines known = machines;
        OpenPoint opened = point;
        machines = null;
        point = null;
        try {
            if (known != null) {
                known.close();
            }
        } catch (IOException | GodwitException left) {
            LOG.log(Level.ERROR, "not all of the test of group {0} is gone: {1}", agent.name(), left.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            if (opened != null) {
                close(opened);
            }
            whenGone.accept(this);
        }
    }

    private void close(OpenPoint opened) {
        try {
            agent.history().closeOfTest(opened.id());
        } catch (IOException | GodwitException gone) {
            LOG.log(Level.WARNING, "point {0} of a test can't be closed: {1}", opened.id(), gone.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it has come to its end, after waiting for that at most so long. Machines that are kept may run on. */
    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        return thread.join(atMost);
    }

    /** Whether it has come to its end. */
    boolean over() {
        return report != null;
    }

    /** Whether its machines are left running when it is over. */
    public boolean toBeKept() {
        return order.keep();
    }

    public FailoverTestStatus status() {
        Optional<OpenPoint> opened = Optional.ofNullable(point);
        return new FailoverTestStatus(
                phase.name().toLowerCase(Locale.ROOT),
                opened.map(OpenPoint::point),
                opened.map(OpenPoint::id),
                definitions().stream()
                        .map(VmDefinition::name)
                        .filter(answered::containsKey)
                        .toList(),
                definitions().size(),
                millisSince(begun));
    }

    /**
     * What came of it.
     *
     * @throws GodwitException why nothing did; FAILED if it was ended
     */
    public FailoverTestReport report() {
        FailoverTestReport made = report;
        GodwitException why = failure;
        if (made == null) {
            throw why == null ? new GodwitException(ErrorCode.FAILED, "the test ended without a word") : why;
        }
        return made;
    }
}
