package io.godwit.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.godwit.core.BitRate;
import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A group as one site sees it.
 *
 * @param role {@code serving}, {@code following}, {@code repairing}, {@code moving}, {@code taking-over} or {@code waiting}; who repairs
 *     follows too, and until that is done what it could take over is an older copy; who waits owns the group as far as it knows, and doesn't
 *     serve it before it knows
 * @param priority in which order groups leave a site that is drained, higher first
 * @param syncDisks up to where all writes of disks of class sync are here, which may be ahead of the log: only at a site that follows a group
 *     which has async disks as well
 * @param replication what this site knows of the replica: empty at a site that follows
 * @param phase of the move or failover under way, if there is one
 * @param checkpoints how the machines' memory is protected, if it is
 * @param objective what its mechanism is chosen for, if that is followed
 * @param failoverTest the test of a failover that is up at this site, if there is one
 */
public record GroupStatus(
        GroupName group,
        String role,
        SiteName owner,
        SiteName peer,
        Term term,
        int priority,
        Position head,
        Position durable,
        Position applied,
        Optional<Position> syncDisks,
        Optional<Replication> replication,
        List<Vm> vms,
        List<Disk> disks,
        Optional<String> phase,
        Optional<String> trouble,
        Optional<FailoverTestStatus> failoverTest,
        Optional<Tenure> tenure,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Checkpoints> checkpoints,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Objective> objective) {

    /**
     * What a group's users ask for, where Godwit sees to it that what protects the group follows.
     *
     * @param missed by what protects it now, each in a sentence; at the owner
     */
    public record Objective(ObjectiveWish wish, List<String> missed) {
        public Objective {
            missed = List.copyOf(missed);
        }
    }

    /**
     * The protection of the machines' memory, in a group that has it.
     *
     * @param everySeconds how often a checkpoint is taken; absent if only when somebody asks
     * @param standby where the last one is at the other site
     * @param resumeWithinSeconds how much of what was written since, in time, may be given up to go on from it
     * @param latest at the owner: the last that the other site has said it keeps
     * @param kept at the other site: the one that is whole there
     * @param taken since the owner's daemon began; 0 at the other site
     * @param wanBytes of all of these
     * @param underWayMillis at the owner: for how long the one that is being taken has been under way; absent if none is
     * @param trouble why none is taken, or kept, now
     */
    public record Checkpoints(
            Optional<Integer> everySeconds,
            CheckpointWish.Standby standby,
            long resumeWithinSeconds,
            Optional<CheckpointReport> latest,
            Optional<Kept> kept,
            long taken,
            ByteCount wanBytes,
            Optional<Long> underWayMillis,
            Optional<String> trouble) {}

    /** A checkpoint at the site that would go on from it: where in the log it is, and when the machines stood still for it by the owner's clock. */
    public record Kept(Position position, Instant time) {}

    /**
     * How this site stands to the group, where voters decide who owns it.
     *
     * @param standing what the site does about it now, such as {@code serving}, {@code lapsed} or {@code away}
     * @param term that the voters gave last, as far as this site knows; absent if they know of no such group
     * @param leaseMillisLeft for how long the group may be served here if nothing is heard of the voters any more
     * @param answeredMillisAgo when a disk here was last let answer a machine; absent if none was since the daemon began
     * @param replica what the voters know of the copy that is no owner's: {@code complete}, {@code behind} or {@code unfit}
     * @param finding what was found when the site looked at the group's owner last, in a sentence
     */
    public record Tenure(
            String standing,
            Optional<Term> term,
            long leaseMillisLeft,
            Optional<Long> answeredMillisAgo,
            Optional<String> replica,
            Optional<String> finding) {}

    /**
     * How far the replica is behind.
     *
     * @param mode as configured
     * @param waiting who waits for the replica now: {@code nothing}, {@code flushes} or {@code writes}
     * @param lagMillis age of the oldest write that the replica has not on its disk
     * @param rpoMillis age of the oldest write acknowledged as safe that would be lost with this site now
     * @param worstRpoMillis the highest since the mode came into force
     * @param deliveryBytesPerSecond of the log that the replica takes; 0 before it was measured
     * @param writeBytesPerSecond of the log that the machines write
     * @param wanBytes sent and received since the daemon began to ship
     * @param syncDisks only where there are async disks as well
     * @param leftOutBytes of writes, not sent because they were overwritten before they were shipped
     */
    public record Replication(
            ReplicationMode mode,
            String waiting,
            long rpoMillis,
            long worstRpoMillis,
            long roundTripMicros,
            long deliveryBytesPerSecond,
            long writeBytesPerSecond,
            List<Alarm> alarms,
            Optional<ModeReport> lastChange,
            boolean connected,
            boolean seeded,
            ByteCount seededBytes,
            ByteCount toSeedBytes,
            Seeding seeding,
            ByteCount lagBytes,
            long lagMillis,
            Optional<SyncDisks> syncDisks,
            ByteCount wanBytes,
            ByteCount leftOutBytes,
            Compression compression) {}

    /**
     * What the replica has of disks of class sync, which may be ahead of its log.
     *
     * @param safe all their writes before it are on its disk
     * @param lagBytes of the log, from there to the last of their writes
     */
    public record SyncDisks(Position safe, ByteCount lagBytes) {}

    /**
     * How what is shipped is compressed now.
     *
     * @param level zstd's; 0 for none
     * @param limit what is scarce: {@code link}, {@code processor}, {@code neither} or {@code both}
     * @param rawBytes that were packed so far
     * @param packedBytes what they came to
     */
    public record Compression(int level, String limit, ByteCount rawBytes, ByteCount packedBytes) {}

    /**
     * The copy of the disks under way, or the last one.
     *
     * @param byDifference whether only what differs is sent
     * @param sentBytes content that was sent
     * @param bytesPerSecond of the disks, copied or compared
     */
    public record Seeding(
            boolean byDifference,
            ByteCount sentBytes,
            long bytesPerSecond,
            Optional<Long> millisLeft,
            Optional<BitRate> maxRate,
            boolean paused) {}

    /** Something to know of now; {@code name} is for programs. */
    public record Alarm(String name, String sentence) {}

    public record Vm(
            VmName name,
            String address,
            String state,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Essential> essential,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Service> service) {
        public Vm(VmName name, String address, String state) {
            this(name, address, state, Optional.empty(), Optional.empty());
        }
    }

    /**
     * The service of a machine that is looked after.
     *
     * @param state {@code answers}, {@code awaited} (it has not answered yet, or not for a moment) or {@code silent}
     * @param silence in a sentence, if it is silent
     * @param restarts of the machine for that, lately
     */
    public record Service(int port, String state, Optional<String> silence, int restarts) {}

    /**
     * The essential state of a machine that has some.
     *
     * @param saved when what is kept was printed; absent before the first time
     * @param size of it
     * @param checked when it was last looked at and found to be the same, or saved; absent if it wasn't since the daemon began
     * @param awaitsImport whether the machine was booted, and hasn't got it back yet; nothing is saved meanwhile
     * @param trouble why it isn't saved, or given back, now
     */
    public record Essential(
            Optional<Instant> saved,
            ByteCount size,
            Optional<Instant> checked,
            boolean awaitsImport,
            Optional<String> trouble) {}

    public record Disk(DiskName name, @JsonProperty("class") DiskClass diskClass, ByteCount size) {}
}
