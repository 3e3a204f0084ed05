package io.godwit.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.CheckpointWish.Standby;
import io.godwit.api.GroupStatus;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.VmName;
import io.godwit.hypervisor.GuestAgent;
import io.godwit.lab.Lab;
import io.godwit.lab.LabName;
import io.godwit.lab.LabProcess;
import io.godwit.lab.LabSite;
import io.godwit.lab.LabSites;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The machine of a lab that a demonstration has left running at east: a program in it asks for checkpoints. */
final class AskingMachine {
    private static final GroupName SHOP = new GroupName("shop");
    private static final VmName REDIS = new VmName("redis");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(100);

    private final LabSite east;
    private final LabSite west;
    private final LabProcess daemon;
    private final GuestAgent inside;

    AskingMachine(String lab) {
        Lab up = Lab.find(new LabName(lab));
        this.east = up.site("east");
        this.west = up.site("west");
        this.daemon = up.process(LabSites.daemon(east));
        this.inside = new GuestAgent(
                REDIS,
                east.runDir().resolve(SHOP.value()).resolve(REDIS.value()).resolve("agent"));
    }

    /** What it is told is what the other site has, also if the daemon that it asked dies before it answers. */
    void getsWhatItAsksFor() throws InterruptedException {
        LabSites.api(east).ask(new ApiRequest.SetCheckpoints(SHOP, Optional.of(0), Optional.empty(), Optional.empty()));
        await(
                east,
                group -> group.replication()
                        .filter(GroupStatus.Replication::seeded)
                        .isPresent());
        run(untilDone("/run/first"));
        Position first = kept().orElseThrow();
        run("grep -qx %s /run/first".formatted(first));
        daemon.pause();
        run("(%s; touch /run/answered) > /dev/null 2>&1 &".formatted(untilDone("/run/second")));
        Thread.sleep(Duration.ofSeconds(1));
        daemon.kill();
        run("until [ -e /run/answered ]; do sleep 0.1; done");
        Position second = kept().orElseThrow();
        assertThat(second).isGreaterThan(first);
        run("grep -qx %s /run/second".formatted(second));
        LabSites.api(east)
                .ask(new ApiRequest.SetCheckpoints(
                        SHOP, Optional.empty(), Optional.of(Standby.NONE), Optional.empty()));
        run("timeout 90 godwit-checkpoint 2> /run/third; [ $? = 2 ] && grep -q 'is not protected' /run/third");
    }

    /** As a service would: while the replica is not connected, or when the channel breaks, none is taken. */
    private static String untilDone(String position) {
        return "until timeout 60 godwit-checkpoint > %s; do sleep 0.5; done".formatted(position);
    }

    /** In the machine; fails unless it ends well. */
    private void run(String script) throws InterruptedException {
        inside.run(List.of("/bin/sh", "-c", script), PATIENCE);
    }

    private Optional<Position> kept() {
        return status(west)
                .flatMap(GroupStatus::checkpoints)
                .flatMap(GroupStatus.Checkpoints::kept)
                .map(GroupStatus.Kept::position);
    }

    private static void await(LabSite site, Predicate<GroupStatus> condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (status(site).filter(condition).isEmpty()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
            Thread.sleep(POLL);
        }
    }

    private static Optional<GroupStatus> status(LabSite site) {
        try {
            ApiReply reply = LabSites.api(site).ask(new ApiRequest.Status(Optional.of(SHOP)));
            return reply instanceof ApiReply.Status(var status)
                    ? status.groups().stream().findFirst()
                    : Optional.empty();
        } catch (GodwitException away) {
            return Optional.empty();
        }
    }
}
