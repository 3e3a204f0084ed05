package io.godwit.site.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.DiskDefinition;
import io.godwit.api.GroupDefinition;
import io.godwit.api.GroupStatus;
import io.godwit.api.VmDefinition;
import io.godwit.core.ByteCount;
import io.godwit.core.Command;
import io.godwit.core.DiskName;
import io.godwit.core.VmName;
import io.godwit.link.SiteIdentity;
import io.godwit.site.FollowingSite;
import io.godwit.site.files.GroupRecord;
import io.godwit.site.guests.Guests;
import io.godwit.site.tenure.OwnNetwork;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real machines that wait for another one's port. */
class BootOrderTest {
    private static final int PORT = 6379;
    private static final VmName DB = new VmName("db");
    private static final VmName WEB = new VmName("web");

    @TempDir
    Path directory = Path.of("");

    private static GroupDefinition withWeb(GroupDefinition one, Path directory) {
        VmDefinition db = one.vms().getFirst();
        DiskDefinition disk = new DiskDefinition(
                new DiskName("web"), directory.resolve("web.img").toString(), Optional.of(ByteCount.ofMiB(4)));
        VmDefinition web = new VmDefinition(
                WEB,
                db.memory(),
                1,
                "10.90.0.11",
                "52:54:00:00:00:0b",
                List.of(disk),
                Optional.empty(),
                Optional.of(List.of(DB)),
                Optional.empty());
        VmDefinition ready = new VmDefinition(
                db.name(),
                db.memory(),
                db.vcpus(),
                db.address(),
                db.mac(),
                db.disks(),
                db.hooks(),
                db.after(),
                Optional.of(PORT));
        return new GroupDefinition(one.name(), one.peer(), List.of(web, ready));
    }

    private static Map<VmName, String> states(GroupAtHome east) {
        Serving serving = (Serving) east.agent().role();
        return serving.guests().status().stream()
                .collect(Collectors.toMap(GroupStatus.Vm::name, GroupStatus.Vm::state));
    }

    private static void until(GroupAtHome east, Predicate<Map<VmName, String>> wanted) throws InterruptedException {
        for (long end = System.nanoTime() + 60_000_000_000L; !wanted.test(states(east)); ) {
            assertThat(System.nanoTime()).as(states(east)::toString).isLessThan(end);
            Thread.sleep(50);
        }
    }

    private static final class Ordered implements OwnNetwork.Case {
        @Override
        public void run(Path directory) throws Exception {
            Command.of("ip", "address", "add", "10.90.0.10/32", "dev", "lo").run();
            try (FollowingSite west = new FollowingSite(directory.resolve("peer"))) {
                west.pair();
                inOrder(directory, west.owner());
            }
        }

        private static void inOrder(Path directory, SiteIdentity owner) throws Exception {
            try (GroupAtHome east = new GroupAtHome(directory, owner, one -> withWeb(one, directory))) {
                try {
                    east.agent().begin(true);
                    until(east, states -> states.equals(Map.of(DB, "running", WEB, "waiting")));
                    Thread.sleep(1_500);
                    assertThat(states(east)).containsEntry(WEB, "waiting");
                    try (ServerSocket service = new ServerSocket(PORT, 1, InetAddress.getByName("10.90.0.10"))) {
                        until(east, states -> states.equals(Map.of(DB, "running", WEB, "running")));
                        assertThat(service.isBound()).isTrue();
                    }
                    oneThatHangsHasNotEnded(east);
                    nothingIsBootedOnceItIsLetGoOf(east);
                    whatWaitsFollowsAnotherOrder(east);
                } finally {
                    new Guests(east.files(), east.agent().record()).killLeftovers();
                }
            }
        }

        private static void oneThatHangsHasNotEnded(GroupAtHome east) throws Exception {
            String qemu = Long.toString(
                    ((Serving) east.agent().role()).guests().machine(WEB).pid());
            Command.of("kill", "-STOP", qemu).run();
            try {
                assertThat(states(east)).containsEntry(WEB, "silent").containsEntry(DB, "running");
            } finally {
                Command.of("kill", "-CONT", qemu).run();
            }
            until(east, states -> states.equals(Map.of(DB, "running", WEB, "running")));
        }

        /** Its turn would come now, but the group is another site's by then. */
        private static void nothingIsBootedOnceItIsLetGoOf(GroupAtHome east) throws Exception {
            Guests guests = ((Serving) east.agent().role()).guests();
            guests.kill();
            guests.bootMissing();
            assertThat(guests.names()).containsExactly(DB);
            guests.kill();
            try (ServerSocket service = new ServerSocket(PORT, 1, InetAddress.getByName("10.90.0.10"))) {
                Thread.sleep(1_500);
                assertThat(service.isBound()).isTrue();
            }
            assertThat(guests.names()).isEmpty();
        }

        /** What it waited for never gets ready, and it is said to wait for nothing any more. */
        private static void whatWaitsFollowsAnotherOrder(GroupAtHome east) throws Exception {
            Guests guests = ((Serving) east.agent().role()).guests();
            guests.bootMissing();
            assertThat(guests.names()).containsExactly(DB);
            GroupRecord record = east.agent().record();
            GroupDefinition of = record.definition();
            guests.follow(record.with(of.withMachines(
                    of.vms().stream().map(Ordered::waitingForNothing).toList())));
            until(east, states -> states.equals(Map.of(DB, "running", WEB, "running")));
        }

        private static VmDefinition waitingForNothing(VmDefinition vm) {
            return new VmDefinition(
                    vm.name(),
                    vm.memory(),
                    vm.vcpus(),
                    vm.address(),
                    vm.mac(),
                    vm.disks(),
                    vm.hooks(),
                    Optional.empty(),
                    vm.readyPort());
        }
    }

    @Test
    void aMachineIsBootedWhenThePortOfTheOneThatItWaitsForAnswers() {
        OwnNetwork.run(Ordered.class, directory);
    }
}
