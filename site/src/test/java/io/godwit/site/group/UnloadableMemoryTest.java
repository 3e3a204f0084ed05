package io.godwit.site.group;

import static io.godwit.site.group.GroupAtHome.EAST;
import static io.godwit.site.group.GroupAtHome.ROOT;
import static io.godwit.site.group.GroupAtHome.WEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.CheckpointWish;
import io.godwit.api.FailoverReport;
import io.godwit.api.FailoverReport.Outcome;
import io.godwit.api.FailoverReport.Recovery;
import io.godwit.api.ReplicationMode;
import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import io.godwit.memory.CheckpointId;
import io.godwit.memory.MachineRam;
import io.godwit.site.FollowingSite;
import io.godwit.site.checkpoint.CheckpointFiles;
import io.godwit.site.tenure.OwnNetwork;
import io.godwit.volume.GroupStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint that QEMU doesn't take, or that is gone: the machine is booted, and the disks give nothing up for memory that nobody has. */
@Timeout(300)
@EnabledIfSystemProperty(named = "user.name", matches = "root", disabledReason = "namespaces need root")
class UnloadableMemoryTest {
    private static final Term TERM = new Term(5);
    private static final MachineRam DB = new MachineRam(new VmName("db"), ByteCount.ofMiB(64));

    @TempDir
    Path directory = Path.of("");

    /** What was written after the checkpoint is there when the machine has been booted. */
    private abstract static class AfterTheLoss implements OwnNetwork.Case {
        abstract void damage(CheckpointFiles checkpoints) throws Exception;

        @Override
        public void run(Path directory) throws Exception {
            CheckpointWish cold =
                    new CheckpointWish(Optional.of(5), Optional.of(CheckpointWish.Standby.COLD), Optional.of(60));
            try (FollowingSite west = new FollowingSite(directory.resolve("follower"))) {
                west.pair();
                try (GroupAtHome east =
                        new GroupAtHome(directory.resolve("owner"), west.owner(), one -> one.with(cold))) {
                    takenOver(east);
                    ((Serving) east.agent().role()).guests().kill();
                }
            }
        }

        private void takenOver(GroupAtHome east) throws Exception {
            GroupStore store = ((Serving) east.agent().role()).store();
            Position then = write(store, 1);
            CheckpointFiles checkpoints = east.files().checkpoints();
            checkpoints.reserve(DB.name(), DB.size());
            checkpoints.keep(
                    new CheckpointId(1, Term.FIRST, then, System.currentTimeMillis()),
                    List.of(DB),
                    List.of("no device state".getBytes(StandardCharsets.UTF_8)));
            Position newest = write(store, 2);
            FailoverReport meant = report(Recovery.CHECKPOINT, then, newest);
            FailoverMeasures measures = FailoverMeasures.begin(meant);
            FailoverActs acts = new FailoverActs(east.agent(), measures);
            acts.decide(TERM);
            acts.promote(TERM, Optional.of(then));
            damage(checkpoints);
            acts.boot(TERM);
            assertThat(content(store)).isEqualTo((byte) 2);
            assertThat(((Serving) east.agent().role()).guests().any()).isTrue();
            assertThat(checkpoints.kept()).isEmpty();
            FailoverReport report = measures.report();
            assertThat(report.recovery().mechanism()).isEqualTo(Recovery.COLD_RESTART);
            assertThat(report.copy().promoted()).isEqualTo(newest);
            assertThat(report.timeline())
                    .anyMatch(moment -> moment.event().contains("nothing of the disks is given up"));
        }

        private static FailoverReport report(String mechanism, Position promoted, Position shipped) {
            return new FailoverReport(
                    GroupAtHome.SHOP,
                    WEST,
                    EAST,
                    Outcome.UNDER_WAY,
                    Optional.empty(),
                    Optional.empty(),
                    new FailoverReport.Copy(
                            shipped,
                            promoted,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            ReplicationMode.Kind.ASYNC),
                    new Recovery(
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(4_000L),
                            Optional.empty(),
                            mechanism),
                    List.of(),
                    List.of());
        }

        private static Position write(GroupStore store, int value) throws Exception {
            ByteBuffer content = ByteBuffer.allocate(4096);
            content.put(0, (byte) value);
            Position end = store.disk(ROOT).write(1 << 20, content);
            store.awaitDurable(end);
            return end;
        }

        private static byte content(GroupStore store) throws Exception {
            ByteBuffer content = ByteBuffer.allocate(1);
            store.disk(ROOT).read(1 << 20, content);
            return content.get(0);
        }
    }

    private static final class NotTaken extends AfterTheLoss {
        @Override
        void damage(CheckpointFiles checkpoints) {
            // It is nonsense as it is.
        }
    }

    private static final class Gone extends AfterTheLoss {
        @Override
        void damage(CheckpointFiles checkpoints) throws Exception {
            checkpoints.clear(List.of(DB.name()));
        }
    }

    @Test
    void whatQemuDoesNotTakeCostsNothingOfTheDisks() {
        OwnNetwork.run(NotTaken.class, directory);
    }

    @Test
    void whatIsGoneCostsNothingOfTheDisks() {
        OwnNetwork.run(Gone.class, directory);
    }
}
