package io.godwit.site.checkpoint;

import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import java.time.Instant;
import java.util.List;

/**
 * A checkpoint that this site keeps whole.
 *
 * @param position of the group's log, in the history of {@code term}, at which the machines' disks were
 * @param epochMillis when the machines stood still for it, by the owner's clock
 * @param boot of this host during which it was put here: what is in memory, or may be in memory only, doesn't outlive the host
 */
public record KeptCheckpoint(
        int number, Term term, Position position, long epochMillis, String boot, List<Machine> machines) {
    /** A machine's part: its RAM is in an image of that size, its device state of so many bytes beside it. */
    public record Machine(VmName name, ByteCount memory, int deviceStateBytes) {}

    public KeptCheckpoint {
        machines = List.copyOf(machines);
    }

    public Instant time() {
        return Instant.ofEpochMilli(epochMillis);
    }
}
