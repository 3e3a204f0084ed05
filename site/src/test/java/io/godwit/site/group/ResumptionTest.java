package io.godwit.site.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import io.godwit.memory.CheckpointId;
import io.godwit.memory.MachineRam;
import io.godwit.site.checkpoint.KeptCheckpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Memory never meets disks that it doesn't belong to, also if the daemon that decided so has died before it acted. */
@Timeout(60)
class ResumptionTest {
    private static final Position AT = new Position(4_096);

    @TempDir
    Path directory = Path.of("");

    private Optional<Position> keptAfterGoingBackTo(Optional<Position> at) throws Exception {
        try (GroupAtHome east = new GroupAtHome(directory, GroupAtHome.EAST)) {
            east.files()
                    .checkpoints()
                    .keep(
                            new CheckpointId(1, Term.FIRST, AT, 1),
                            List.of(new MachineRam(new VmName("db"), ByteCount.ofMiB(64))),
                            List.of(new byte[] {1}));
            Resumption.of(east.agent()).keepOnlyAt((Serving) east.agent().role(), at);
            return east.files().checkpoints().kept().map(KeptCheckpoint::position);
        }
    }

    @Test
    void aCheckpointIsKeptForDisksThatGoBackToIt() throws Exception {
        assertThat(keptAfterGoingBackTo(Optional.of(AT))).contains(AT);
    }

    @Test
    void aCheckpointIsDroppedIfTheDisksStayAsTheyAre() throws Exception {
        assertThat(keptAfterGoingBackTo(Optional.empty())).isEmpty();
    }

    @Test
    void aCheckpointIsDroppedIfTheDisksGoBackToAnotherPoint() throws Exception {
        assertThat(keptAfterGoingBackTo(Optional.of(new Position(8_192)))).isEmpty();
    }
}
