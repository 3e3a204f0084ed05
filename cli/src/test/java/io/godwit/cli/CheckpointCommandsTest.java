package io.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.CheckpointReport;
import io.godwit.api.CheckpointWish;
import io.godwit.api.MechanismReport;
import io.godwit.api.ObjectiveWish;
import io.godwit.api.ReplicationMode;
import io.godwit.core.ByteCount;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What protects a group's memory, as it is asked for and told. */
@Timeout(60)
class CheckpointCommandsTest {
    private static final GroupName SHOP = new GroupName("shop");
    private static final CheckpointReport TAKEN =
            new CheckpointReport(new Position(4_096), Instant.EPOCH, 48_250, 655, new ByteCount(180_224), 283);

    @RegisterExtension
    final FakeSite site = new FakeSite();

    private static MechanismReport report(boolean applied) {
        return new MechanismReport(
                SHOP,
                ReplicationMode.Kind.ASYNC,
                Optional.of(
                        new CheckpointWish(Optional.of(15), Optional.of(CheckpointWish.Standby.WARM), Optional.of(31))),
                15_300,
                5_000,
                0.3,
                List.of("RTO: 5.0 s where 4.0 s are asked for"),
                List.of("no voters"),
                applied);
    }

    @Test
    void aCheckpointIsTakenAndItsCostTold() throws Exception {
        FakeSite.Ran ran = site.run(List.of(new ApiReply.CheckpointTaken(TAKEN)), "checkpoint", "shop");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).contains("48.3 ms", "655 pages", "176 KiB", "283 ms");
        assertThat(site.asked()).isEqualTo(new ApiRequest.TakeCheckpoint(SHOP));
    }

    @Test
    void whatIsLeftOutStaysAsItIs() throws Exception {
        CheckpointWish wish =
                new CheckpointWish(Optional.of(5), Optional.of(CheckpointWish.Standby.COLD), Optional.empty());
        FakeSite.Ran ran = site.run(
                List.of(new ApiReply.CheckpointsSet(wish)), "group", "checkpoints", "shop", "--standby", "cold");
        assertThat(ran.out()).contains("every 5 s", "in files");
        assertThat(site.asked())
                .isEqualTo(new ApiRequest.SetCheckpoints(
                        SHOP, Optional.empty(), Optional.of(CheckpointWish.Standby.COLD), Optional.empty()));
        site.run(List.of(new ApiReply.CheckpointsSet(wish)), "group", "checkpoints", "shop", "--off");
        assertThat(site.asked())
                .isEqualTo(new ApiRequest.SetCheckpoints(
                        SHOP, Optional.empty(), Optional.of(CheckpointWish.Standby.NONE), Optional.empty()));
        site.run(List.of(new ApiReply.CheckpointsSet(wish)), "group", "checkpoints", "shop", "--when-asked");
        assertThat(site.asked())
                .isEqualTo(new ApiRequest.SetCheckpoints(SHOP, Optional.of(0), Optional.empty(), Optional.empty()));
    }

    @Test
    void whatMakesNoSenseIsRefusedInASentence() {
        assertThat(site.run("group", "checkpoints", "shop", "--every", "0").err())
                .contains("at least 1, or --when-asked");
        assertThat(site.run("group", "checkpoints", "shop", "--standby", "hot").err())
                .contains("warm or cold; --off");
        assertThat(site.run("group", "checkpoints", "shop", "--off", "--standby", "warm")
                        .err())
                .contains("--off takes no checkpoints any more");
        assertThat(site.run("group", "mechanism", "shop", "--rpo", "-1", "--rto", "5")
                        .err())
                .contains("'-1' is not 0 to 2592000 seconds");
        for (String nonsense : List.of("NaN", "x", "1e30", "Infinity")) {
            assertThat(site.run("group", "mechanism", "shop", "--rpo", nonsense, "--rto", "5")
                            .err())
                    .contains("'%s' is not 0 to".formatted(nonsense));
        }
        assertThat(site.run("group", "checkpoints", "shop", "--every", "5", "--off")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void withoutYesTheMechanismIsOnlyTold() throws Exception {
        FakeSite.Ran told = site.run(
                List.of(new ApiReply.MechanismChosen(report(false))),
                "group",
                "mechanism",
                "shop",
                "--rpo",
                "20",
                "--rto",
                "4");
        assertThat(told.exitCode()).isEqualTo(2);
        assertThat(told.out())
                .contains("--yes does it", "async", "every 15 s, warm", "RPO 15.3 s, RTO 5.0 s", "MISSED    RTO");
        assertThat(site.asked())
                .isEqualTo(new ApiRequest.ChooseMechanism(
                        SHOP, new ObjectiveWish(20_000, 4_000, 5, 60_000), false, false));
        FakeSite.Ran done = site.run(
                List.of(new ApiReply.MechanismChosen(report(true))),
                "group",
                "mechanism",
                "shop",
                "--rpo",
                "20",
                "--rto",
                "4",
                "--yes",
                "--json");
        assertThat(done.exitCode()).isZero();
        assertThat(Json.read(done.out(), MechanismReport.class, "the output")).isEqualTo(report(true));
    }
}
