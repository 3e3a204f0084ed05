package io.godwit.migration.mechanism;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A way of protecting a group.
 *
 * @param sync whether flushes wait for the other site
 * @param memory where checkpoints of the machines' memory are kept there
 * @param everySeconds how often one is taken; 0 with {@link Memory#NONE}
 */
public record Mechanism(boolean sync, Memory memory, int everySeconds) {
    private static final int LONGEST_SECONDS = 300;

    /** From fencing until machines that wait with their memory answer. */
    private static final Duration WARM = Duration.ofMillis(1_500);

    /** QEMU's start, and the device states. */
    private static final Duration COLD = Duration.ofMillis(2_500);

    private static final double READ_BYTES_PER_MILLI = 400_000;

    /** In the order of what they take at the other site. */
    public enum Memory {
        /** Machines are booted. */
        NONE,
        /** In files. */
        COLD,
        /** In machines that wait. */
        WARM
    }

    /**
     * What it achieves, as far as is known.
     *
     * @param overheadPercent of the machines' time, for checkpoints; that flushes wait is not in it
     */
    public record Achieved(Duration rpo, Duration rto, double overheadPercent) {}

    static List<Mechanism> all() {
        List<Mechanism> all = new ArrayList<>();
        for (boolean sync : new boolean[] {false, true}) {
            all.add(new Mechanism(sync, Memory.NONE, 0));
            for (int period = 1; period <= LONGEST_SECONDS; period++) {
                all.add(new Mechanism(sync, Memory.COLD, period));
                all.add(new Mechanism(sync, Memory.WARM, period));
            }
        }
        return all;
    }

    /** Going on from a checkpoint gives up what was written since, whatever waited for the other site; and no less than the replica lacks. */
    Achieved achieved(GroupFacts facts) {
        GroupFacts.CheckpointCost cost = facts.cost();
        Duration lag = sync ? Duration.ZERO : facts.asyncLag();
        Duration since = memory == Memory.NONE
                ? Duration.ZERO
                : Duration.ofSeconds(everySeconds).plus(cost.took());
        Duration rpo = since.compareTo(lag) > 0 ? since : lag;
        Duration back = switch (memory) {
            case NONE -> facts.boot();
            case COLD -> COLD.plusMillis(Math.round(facts.memoryBytes() / READ_BYTES_PER_MILLI));
            case WARM -> WARM;
        };
        double overhead = everySeconds == 0
                ? 0
                : 100.0
                        * cost.pause().toNanos()
                        / Duration.ofSeconds(everySeconds).toNanos();
        return new Achieved(rpo, facts.fencing().plus(back), overhead);
    }
}
