package io.godwit.site.group;

import io.godwit.api.CheckpointReport;
import io.godwit.api.CheckpointWish;
import io.godwit.api.GroupStatus;
import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.memory.CheckpointId;
import io.godwit.memory.CheckpointSender;
import io.godwit.replication.ReplicationStatus;
import io.godwit.site.guests.HostMemory;
import io.godwit.site.history.Chronicle;
import io.godwit.site.peer.PeerLine;
import io.godwit.site.peer.PeerRequest;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes checkpoints of machines that run here, one at a time: when it is time, and when somebody asks. A checkpoint is all machines' memory at one position
 * of the group's log. It is given up when anything else is to be done with the machines.
 */
public final class Checkpointing {
    private static final Logger LOG = System.getLogger(Checkpointing.class.getName());
    private static final ByteCount LEFT_FREE = ByteCount.ofMiB(256);
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LONGEST_REST = Duration.ofSeconds(5);

    private final GroupAgent agent;
    private final ReentrantLock taking = new ReentrantLock();
    private volatile @Nullable CheckpointSession session;
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Thread thread;
    private volatile long dueNanos = System.nanoTime();

    private volatile Optional<CheckpointReport> latest = Optional.empty();
    private volatile String trouble = "";
    private volatile OptionalLong begunNanos = OptionalLong.empty();
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong wanBytes = new AtomicLong();

    Checkpointing(GroupAgent agent) {
        this.agent = agent;
    }

    private Optional<CheckpointWish> wish() {
        return agent.record().definition().memoryProtection();
    }

    /**
     * Changes how memory is protected, at the peer first: it must agree before anything changes here. If nothing is to change, only says what is in force.
     *
     * @param everySeconds 0 for only when somebody asks
     * @throws GodwitException CONFLICT if it isn't protected, and it isn't said how often from now on
     */
    public CheckpointWish protect(
            Optional<Integer> everySeconds,
            Optional<CheckpointWish.Standby> standby,
            Optional<Integer> resumeWithinSeconds) {
        agent.history().requireServing("protect its machines' memory");
        if (everySeconds.isEmpty() && standby.isEmpty() && resumeWithinSeconds.isEmpty()) {
            return wish().orElse(CheckpointWish.OFF);
        }
        boolean off = standby.filter(CheckpointWish.Standby.NONE::equals).isPresent();
        if (!off && everySeconds.isEmpty()) {
            requireWished();
        }
        CheckpointWish next = wish().orElse(CheckpointWish.DEFAULT).with(everySeconds, standby, resumeWithinSeconds);
        taking.lock();
        try {
            protect(next);
        } finally {
            taking.unlock();
        }
        dueNanos = System.nanoTime();
        return next;
    }

    /** While none is under way. */
    private void protect(CheckpointWish next) {
        boolean elsewhere = agent.memory().isElsewhere(next);
        if (elsewhere) {
            endSession();
        }
        PeerLine.askOnce(
                agent.site().linkTo(agent.peer()), new PeerRequest.KeepCheckpoints(agent.name(), next), PATIENCE);
        agent.memory().protect(next);
        if (elsewhere) {
            latest = Optional.empty();
        }
    }

    void start() {
        thread =
                Thread.ofPlatform().daemon().name("checkpoints-" + agent.name()).start(this::run);
    }

    private void run() {
        while (rested()) {
            if (!(agent.role() instanceof Serving serving) || moving() || wish().isEmpty()) {
                endSession();
                latest = agent.role() instanceof Serving && wish().isPresent() ? latest : Optional.empty();
            } else if (wish().flatMap(CheckpointWish::period).isPresent() && System.nanoTime() - dueNanos >= 0) {
                takeInTurn(serving, wish().flatMap(CheckpointWish::period).get());
            } else {
                endStaleSession(serving);
            }
        }
    }

    private boolean rested() {
        try {
            return !closing.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean moving() {
        return agent.move().filter(move -> !move.hasEnded()).isPresent();
    }

    private void takeInTurn(Serving serving, Duration period) {
        long begun = System.nanoTime();
        try {
            if (agent.watch().sure() && agent.mayServe() && serving.guests().any()) {
                take();
            }
            dueNanos = begun + period.toNanos();
        } catch (IOException | GodwitException failed) {
            Duration rest = period.compareTo(LONGEST_REST) < 0 ? period : LONGEST_REST;
            dueNanos = System.nanoTime() + rest.toNanos();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Takes one now; returns when the other site has it.
     *
     * @throws GodwitException CONFLICT if none can be taken now; FAILED if it didn't get there
     */
    public CheckpointReport take() throws IOException, InterruptedException {
        requireWished();
        taking.lockInterruptibly();
        try {
            CheckpointReport report = attempt();
            latest = Optional.of(report);
            taken.incrementAndGet();
            wanBytes.addAndGet(report.wanBytes().bytes());
            trouble = "";
            return report;
        } catch (IOException broken) {
            endSession();
            note(String.valueOf(broken.getMessage()));
            throw new GodwitException(
                    ErrorCode.FAILED, "the checkpoint did not get to the other site: " + broken.getMessage(), broken);
        } catch (GodwitException refused) {
            endSession();
            note(refused.sentence());
            throw refused;
        } finally {
            begunNanos = OptionalLong.empty();
            taking.unlock();
        }
    }

    private void requireWished() {
        if (wish().isEmpty()) {
            throw GroupAgent.refusal(
                    "the memory of the machines of group %s is not protected: 'godwit group checkpoints %s --when-asked' changes that"
                            .formatted(agent.name(), agent.name()));
        }
    }

    private void note(String sentence) {
        if (!sentence.equals(trouble)) {
            LOG.log(Level.WARNING, "no checkpoint of group {0}: {1}", agent.name(), sentence);
        }
        trouble = sentence;
    }

    private record Still(Chronicle.Made made, long pauseMicros) {}

    private CheckpointReport attempt() throws IOException, InterruptedException {
        Serving serving = requireReady();
        long begun = System.nanoTime();
        CheckpointSession open = sessionOf(serving);
        begunNanos = OptionalLong.of(begun);
        CheckpointSender sender = open.sender();
        sender.approach();
        Still still = capture(serving, open);
        CheckpointId id = new CheckpointId(
                open.nextNumber(),
                serving.store().term(),
                still.made().position(),
                still.made().time().toEpochMilli());
        CheckpointSender.Shipped shipped = sender.ship(id);
        return new CheckpointReport(
                id.position(),
                still.made().time(),
                still.pauseMicros(),
                shipped.pages(),
                new ByteCount(shipped.wireBytes()),
                (System.nanoTime() - begun) / 1_000_000);
    }

    private Serving requireReady() throws IOException {
        Serving serving = agent.history().requireServing("take a checkpoint");
        if (moving()) {
            throw GroupAgent.refusal("group %s is being moved".formatted(agent.name()));
        }
        ReplicationStatus replica = serving.replicator().status();
        if (!replica.connected() || !replica.seeded()) {
            throw GroupAgent.refusal(
                    "no complete replica of group %s is connected now, to which its machines' memory would belong"
                            .formatted(agent.name()));
        }
        serving.requireBlankScratch();
        if (session == null) {
            requireMemory();
        }
        return serving;
    }

    /** To know what has changed takes a copy of all the machines' memory; the kernel would end one of them rather than refuse it. */
    private void requireMemory() throws IOException {
        ByteCount needed = new ByteCount(agent.record().definition().vms().stream()
                .mapToLong(vm -> vm.memory().bytes())
                .sum());
        ByteCount free = HostMemory.available();
        if (free.compareTo(needed.plus(LEFT_FREE)) < 0) {
            throw new GodwitException(
                    ErrorCode.NO_SPACE,
                    "site %s has only %s of memory left, and checkpoints of group %s need %s besides %s for everything else"
                            .formatted(agent.site().name(), free, agent.name(), needed, LEFT_FREE));
        }
    }

    private CheckpointSession sessionOf(Serving serving) throws IOException, InterruptedException {
        endStaleSession(serving);
        CheckpointSession open = session;
        if (open == null) {
            open = CheckpointSession.open(serving, agent, agent.site().linkTo(agent.peer()));
            session = open;
            requireOpen();
        }
        return open;
    }

    private void requireOpen() throws IOException {
        if (closing.getCount() == 0) {
            throw new IOException("the site is stopping");
        }
    }

    /** With the group's lock held nobody begins to move its machines, to freeze them, or to end them. */
    private Still capture(Serving serving, CheckpointSession open) throws IOException, InterruptedException {
        agent.changing().lock();
        try {
            if (agent.role() != serving || agent.left() || moving() || !agent.mayServe() || !open.isOf(serving)) {
                throw GroupAgent.refusal("something else is being done with group %s".formatted(agent.name()));
            }
            agent.history().requireThawed();
            serving.essential().requireGiven();
            long begun = System.nanoTime();
            Chronicle.Made made = serving.guests().whileStill(() -> {
                Chronicle.Made now = serving.chronicle().moment();
                open.sender().capture(machine -> open.machine(machine.name()).saveDeviceState());
                return now;
            });
            return new Still(made, (System.nanoTime() - begun) / 1_000);
        } finally {
            agent.changing().unlock();
        }
    }

    private void endStaleSession(Serving serving) {
        CheckpointSession open = session;
        if (open != null && !open.isOf(serving)) {
            endSession();
        }
    }

    private void endSession() {
        taking.lock();
        try {
            CheckpointSession open = session;
            session = null;
            if (open != null) {
                open.close();
            }
        } catch (IOException gone) {
            LOG.log(Level.TRACE, "the channel was gone already", gone);
        } finally {
            taking.unlock();
        }
    }

    /** The last that the other site has. */
    Optional<CheckpointReport> latest() {
        return latest;
    }

    Optional<GroupStatus.Checkpoints> status() {
        Optional<Long> underWay = underWay().map(Duration::toMillis);
        return wish().map(protection -> new GroupStatus.Checkpoints(
                protection.everySeconds(),
                protection.effectiveStandby(),
                protection.resumeWithin(agent.record().mode()).toSeconds(),
                latest,
                Optional.empty(),
                taken.get(),
                new ByteCount(wanBytes.get()),
                underWay,
                Optional.of(trouble).filter(sentence -> underWay.isEmpty() && !sentence.isEmpty())));
    }

    /** For how long the other site has been getting one; what stood against the one before doesn't any more. */
    private Optional<Duration> underWay() {
        OptionalLong begun = begunNanos;
        return begun.isPresent()
                ? Optional.of(Duration.ofNanos(System.nanoTime() - begun.getAsLong()))
                : Optional.empty();
    }

    /** Ends, with the one under way given up. */
    void close() {
        closing.countDown();
        CheckpointSession open = session;
        try {
            if (open != null) {
                open.hangUp();
            }
        } catch (IOException gone) {
            LOG.log(Level.TRACE, "the channel was gone already", gone);
        }
        endSession();
        Thread running = thread;
        if (running != null) {
            try {
                running.join();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
