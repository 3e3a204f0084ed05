package io.godwit.replication;

import io.godwit.core.ByteCount;
import io.godwit.core.GroupName;
import io.godwit.replication.AdaptiveRule.Decision;
import io.godwit.replication.AdaptiveRule.Measured;
import io.godwit.volume.GroupStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a group's replication ten times a second: how much would be lost now, whether its owner should know of
 * something, whether those who wait for a lost replica are to wait on, and what {@link Mode#ADAPTIVE} asks for.
 */
final class ModeWatch implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ModeWatch.class.getName());
    private static final Duration LOOK = Duration.ofMillis(100);

    /** A replica that is back within this has only been restarted, or its link has. */
    private static final Duration DEGRADE_AFTER = Duration.ofSeconds(5);

    private final GroupName group;
    private final GroupStore store;
    private final RemoteCopy remote;
    private final ModeControl control;
    private final Gauges gauges;
    private final WriteRate writing = new WriteRate();
    private final Pacer pacer = new Pacer();
    private final Thread thread;
    private long outOfReachSince = System.nanoTime();
    private long inReachSince = System.nanoTime();
    private volatile Duration worst = Duration.ZERO;
    private volatile Duration worstInReach = Duration.ZERO;
    private volatile List<Alarm> alarms = List.of();
    private volatile @Nullable ModeChange lastChange;

    ModeWatch(GroupName group, GroupStore store, RemoteCopy remote, ModeControl control, Gauges gauges) {
        this.group = group;
        this.store = store;
        this.remote = remote;
        this.control = control;
        this.gauges = gauges;
        this.thread = Thread.ofVirtual().name("mode-" + group).start(this::run);
    }

    private void run() {
        try {
            while (true) {
                look(System.nanoTime());
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(long now) {
        remote.noteHead();
        writing.head(store.head(), now);
        boolean inReach = remote.usable();
        if (inReach) {
            outOfReachSince = now;
            if (control.restore()) {
                LOG.log(Level.INFO, "group {0}: the replica has caught up, {1} waits again", group, mode());
            }
        } else if (now - outOfReachSince > DEGRADE_AFTER.toNanos() && control.degrade()) {
            LOG.log(Level.WARNING, "group {0}: nobody waits for the replica any more, it is out of reach", group);
        }
        adapt();
        Duration rpo = rpo();
        worst = longer(rpo, worst);
        if (inReach) {
            worstInReach = longer(shorter(rpo, Duration.ofNanos(now - inReachSince)), worstInReach);
        } else {
            inReachSince = now;
        }
        raise(AlarmRule.alarms(view(rpo), raised()));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private Mode mode() {
        return remote.policy().mode();
    }

    private void adapt() {
        ReplicationPolicy policy = remote.policy();
        if (policy.mode() != Mode.ADAPTIVE || !remote.usable()) {
            pacer.rate(Pacer.UNLIMITED);
            return;
        }
        Measured measured = new Measured(
                gauges.roundTrips().shortest(), gauges.delivery().perSecond(), remote.lagBytes(), remote.lagTime());
        Decision decision = new AdaptiveRule(policy.rpo()).decide(measured, remote.waiting());
        pacer.rate(decision.bytesPerSecond());
        if (control.adapt(decision.waiting())) {
            LOG.log(Level.INFO, "group {0}: with {1}, {2} wait for the replica", group, measured, decision.waiting());
        }
    }

    /** What was acknowledged as safe is lost with this site only where somebody doesn't wait for the replica. */
    private Duration rpo() {
        boolean someDoNot = remote.waiting() == Waiting.NOTHING || (remote.hasClasses() && !remote.held());
        return someDoNot ? remote.lagTime() : Duration.ZERO;
    }

    private AlarmRule.View view(Duration rpo) {
        return new AlarmRule.View(
                group,
                remote.policy(),
                remote.waiting(),
                remote.usable(),
                control.degraded(),
                remote.lagBytes(),
                remote.lagTime(),
                rpo);
    }

    private Set<Alarm.Kind> raised() {
        return alarms.stream().map(Alarm::kind).collect(Collectors.toSet());
    }

    private void raise(List<Alarm> now) {
        Set<Alarm.Kind> before = raised();
        now.stream()
                .filter(alarm -> !before.contains(alarm.kind()))
                .forEach(alarm -> LOG.log(Level.WARNING, "group {0}: {1}", group, alarm.sentence()));
        Set<Alarm.Kind> over = EnumSet.noneOf(Alarm.Kind.class);
        over.addAll(before);
        now.forEach(alarm -> over.remove(alarm.kind()));
        over.forEach(kind -> LOG.log(Level.INFO, "group {0}: {1} is over", group, kind.word()));
        alarms = now;
    }

    /** Lets a writer wait its turn while the objective would be missed otherwise. */
    void pace(long bytes) throws InterruptedException {
        long nanos = pacer.reserve(bytes, System.nanoTime());
        if (nanos > 0) {
            Thread.sleep(Duration.ofNanos(nanos));
        }
    }

    long writeRate() {
        return writing.perSecond();
    }

    void changed(ModeChange change) {
        lastChange = change;
        if (change.done()) {
            worst = Duration.ZERO;
            worstInReach = Duration.ZERO;
        }
        ByteCount pending = change.forecast().pending();
        LOG.log(
                Level.INFO,
                "group %s: %s to %s %s in %d ms; %s were pending, %d ms were expected %s"
                        .formatted(
                                group,
                                change.from(),
                                change.to(),
                                change.done() ? "done" : "given up",
                                change.took().toMillis(),
                                pending,
                                change.forecast().drain().toMillis(),
                                change.reason()));
    }

    ModeStatus status() {
        Duration rpo = rpo();
        return new ModeStatus(
                remote.policy(),
                remote.waiting(),
                rpo,
                longer(rpo, worst),
                worstInReach,
                gauges.delivery().measured(),
                writing.perSecond(),
                alarms,
                Optional.ofNullable(lastChange));
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
