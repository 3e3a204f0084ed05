package io.godwit.api;

import io.godwit.core.ByteCount;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import java.util.List;
import java.util.Optional;

/**
 * A group as one site sees it.
 *
 * @param role {@code serving}, {@code following} or {@code moving}
 * @param replication what this site knows of the replica: empty at a site that follows
 * @param phase of the move under way, if there is one
 */
public record GroupStatus(
        GroupName group,
        String role,
        SiteName owner,
        SiteName peer,
        Term term,
        Position head,
        Position durable,
        Position applied,
        Optional<Replication> replication,
        List<Vm> vms,
        Optional<String> phase,
        Optional<String> trouble) {

    /**
     * How far the replica is behind.
     *
     * @param lagMillis age of the oldest write that the replica has not on its disk
     */
    public record Replication(
            String mode,
            boolean connected,
            boolean seeded,
            ByteCount seededBytes,
            ByteCount toSeedBytes,
            ByteCount lagBytes,
            long lagMillis,
            ByteCount wanBytes) {}

    public record Vm(VmName name, String address, String state) {}
}
