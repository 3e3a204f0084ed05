package io.godwit.replication;

import io.godwit.core.ByteCount;
import io.godwit.core.GroupName;
import io.godwit.replication.Alarm.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a group's owner should know of: a pure function of what is seen. */
final class AlarmRule {
    private static final double CLEARLY = 0.8;

    private AlarmRule() {}

    /**
     * What is seen at one moment.
     *
     * @param usable whether there is a complete replica within reach
     * @param rpo age of the oldest acknowledged write that would be lost
     */
    record View(
            GroupName group,
            ReplicationPolicy policy,
            Waiting waiting,
            boolean usable,
            boolean degraded,
            ByteCount lag,
            Duration age,
            Duration rpo) {}

    /** @param before what was raised last: a bound must be kept clearly before its alarm is over */
    static List<Alarm> alarms(View seen, Set<Kind> before) {
        List<Alarm> alarms = new ArrayList<>();
        ReplicationPolicy policy = seen.policy();
        if (seen.degraded()) {
            alarms.add(new Alarm(
                    Kind.DEGRADED,
                    "the mode is %s, but nobody waits for the replica until it is back and has caught up"
                            .formatted(policy.mode().name().toLowerCase(Locale.ROOT))));
        }
        if (seen.waiting() != Waiting.NOTHING && !seen.usable()) {
            alarms.add(new Alarm(
                    Kind.WRITERS_STALLED,
                    "the replica is out of reach and %s wait for it; `godwit group mode %s async` lets them go on"
                            .formatted(seen.waiting().name().toLowerCase(Locale.ROOT), seen.group())));
        }
        if (policy.mode() == Mode.ADAPTIVE
                && exceeds(seen.rpo().toNanos(), policy.rpo().toNanos(), before.contains(Kind.RPO_MISSED))) {
            alarms.add(new Alarm(
                    Kind.RPO_MISSED,
                    "%d ms would be lost now, the objective is %d ms"
                            .formatted(seen.rpo().toMillis(), policy.rpo().toMillis())));
        }
        if (exceeds(seen.lag().bytes(), policy.maxLag().bytes(), before.contains(Kind.LAG_BYTES))) {
            alarms.add(new Alarm(
                    Kind.LAG_BYTES,
                    "the replica is %s behind, the bound is %s".formatted(seen.lag(), policy.maxLag())));
        }
        if (policy.mode() != Mode.ADAPTIVE
                && exceeds(seen.age().toNanos(), policy.maxLagTime().toNanos(), before.contains(Kind.LAG_TIME))) {
            alarms.add(new Alarm(
                    Kind.LAG_TIME,
                    "the replica is %d ms behind, the bound is %d ms"
                            .formatted(
                                    seen.age().toMillis(), policy.maxLagTime().toMillis())));
        }
        return alarms;
    }

    private static boolean exceeds(long value, long bound, boolean already) {
        return value > (already ? bound * CLEARLY : bound);
    }
}
