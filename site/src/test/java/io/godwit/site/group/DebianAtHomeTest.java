package io.godwit.site.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.DiskDefinition;
import io.godwit.api.EssentialState;
import io.godwit.api.GroupDefinition;
import io.godwit.api.GroupStatus;
import io.godwit.api.ServiceProbe;
import io.godwit.api.VmDefinition;
import io.godwit.core.ByteCount;
import io.godwit.core.Command;
import io.godwit.core.DiskName;
import io.godwit.core.VmName;
import io.godwit.hypervisor.GuestAgent;
import io.godwit.site.FollowingSite;
import io.godwit.site.essential.StateSlots;
import io.godwit.site.guests.Guests;
import io.godwit.site.tenure.OwnNetwork;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Debian in a real machine: the state that it can't do without, its service, and what may be said of both while it runs. */
@Timeout(600)
class DebianAtHomeTest {
    private static final VmName DB = new VmName("db");
    private static final DiskName STATE = new DiskName("state-1");
    private static final ByteCount CAPACITY = new ByteCount(8192);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration WITHIN = Duration.ofSeconds(60);

    @TempDir
    Path directory = Path.of("");

    private static GroupDefinition withState(GroupDefinition one, Path image) {
        VmDefinition db = one.vms().getFirst();
        EssentialState state = new EssentialState(
                shell("cat /run/state"),
                shell("cat > /run/state.new && test -s /run/state.new && mv /run/state.new /run/state"),
                Optional.of(1),
                Optional.of(CAPACITY),
                Optional.empty());
        VmDefinition debian = new VmDefinition(
                DB,
                ByteCount.ofMiB(160),
                1,
                db.address(),
                db.mac(),
                List.of(new DiskDefinition(
                        GroupAtHome.ROOT,
                        image.toString(),
                        Optional.of(new ByteCount(image.toFile().length())))),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(state),
                Optional.empty());
        return new GroupDefinition(one.name(), one.peer(), List.of(debian));
    }

    private static List<String> shell(String script) {
        return List.of("/bin/sh", "-c", script);
    }

    private static final class Debian implements OwnNetwork.Case {
        @Override
        public void run(Path directory) throws Exception {
            Path image = image(directory);
            try (FollowingSite west = new FollowingSite(directory.resolve("peer"))) {
                west.pair();
                served(directory, image, west);
            }
        }

        private static void served(Path directory, Path image, FollowingSite west) throws Exception {
            try (GroupAtHome east = new GroupAtHome(directory, west.owner(), one -> withState(one, image))) {
                try {
                    west.define(east.agent().record().definition());
                    savedBefore(east, "one");
                    east.agent().begin(true);
                    aBootedMachineGetsItsStateBackBeforeAnyIsSaved(east);
                    theStateIsSavedWhenItHasChangedAndNeverReplacedByNothing(east);
                    aMachineThatRestartsGetsTheLastOne(east);
                    whatIsDoneForItCanBeChanged(east, west);
                    aMachineWhoseServiceIsSilentIsStartedAgain(east);
                    aMachineWhoseQemuHangsIsStartedAgain(east, directory);
                } finally {
                    new Guests(east.files(), east.agent().record()).killLeftovers();
                }
            }
        }

        private static Serving serving(GroupAtHome east) {
            return (Serving) east.agent().role();
        }

        private static StateSlots slots(GroupAtHome east) {
            return new StateSlots(serving(east).store().disk(STATE), CAPACITY);
        }

        private static void savedBefore(GroupAtHome east, String text) throws Exception {
            slots(east).write(Optional.empty(), Instant.now(), ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        }

        private static String saved(GroupAtHome east) throws Exception {
            return StandardCharsets.UTF_8
                    .decode(slots(east).read().orElseThrow().content())
                    .toString();
        }

        private static GroupStatus.Essential status(GroupAtHome east) {
            return east.agent().status().vms().getFirst().essential().orElseThrow();
        }

        private static void until(GroupAtHome east, Predicate<GroupStatus.Essential> wanted) throws Exception {
            for (long end = System.nanoTime() + PATIENCE.toNanos(); !wanted.test(status(east)); ) {
                assertThat(System.nanoTime()).as(status(east)::toString).isLessThan(end);
                Thread.sleep(50);
            }
        }

        private static GuestAgent inside(GroupAtHome east) {
            return serving(east).guests().machine(DB).agent();
        }

        private static void aBootedMachineGetsItsStateBackBeforeAnyIsSaved(GroupAtHome east) throws Exception {
            until(east, state -> state.saved().isPresent());
            assertThat(status(east).awaitsImport()).isTrue();
            assertThatThrownBy(() -> serving(east).essential().requireGiven())
                    .hasMessageContaining("godwit essential skip shop --machine db");
            until(east, state -> !state.awaitsImport());
            assertThat(saved(east)).isEqualTo("one");
            assertThat(StandardCharsets.UTF_8
                            .decode(inside(east).take(shell("cat /run/state"), WITHIN))
                            .toString())
                    .isEqualTo("one");
        }

        private static void theStateIsSavedWhenItHasChangedAndNeverReplacedByNothing(GroupAtHome east)
                throws Exception {
            inside(east).run(shell("printf two > /run/state"), WITHIN);
            assertThat(serving(east).essential().saveNow())
                    .singleElement()
                    .satisfies(report -> assertThat(report.size()).isEqualTo(new ByteCount(3)));
            assertThat(saved(east)).isEqualTo("two");
            inside(east).run(shell("rm /run/state"), WITHIN);
            until(east, state -> state.trouble().isPresent());
            assertThat(status(east).trouble().orElseThrow()).contains("No such file");
            assertThat(saved(east)).isEqualTo("two");
        }

        /** It does so by itself: its QEMU goes on. */
        private static void aMachineThatRestartsGetsTheLastOne(GroupAtHome east) throws Exception {
            inside(east).run(shell("(sleep 2; echo b > /proc/sysrq-trigger) > /dev/null 2>&1 &"), WITHIN);
            until(east, GroupStatus.Essential::awaitsImport);
            until(east, state -> !state.awaitsImport());
            assertThat(StandardCharsets.UTF_8
                            .decode(inside(east).take(shell("cat /run/state"), WITHIN))
                            .toString())
                    .isEqualTo("two");
        }

        private static void whatIsDoneForItCanBeChanged(GroupAtHome east, FollowingSite west) throws Exception {
            DefinitionDesk desk = new DefinitionDesk(east.agent());
            GroupDefinition wished = watched(east.agent().record().definition());
            assertThat(desk.change(wished))
                    .isEqualTo("group shop, changed at both sites: essential of machine db, service of machine db");
            assertThat(east.files().record().orElseThrow().definition()).isEqualTo(wished);
            assertThat(west.api().ask(new ApiRequest.ShowDefinition(wished.name())))
                    .isEqualTo(new ApiReply.Definition(wished));
            assertThat(desk.change(wished)).isEqualTo("nothing of group shop was changed");
            inside(east).run(shell("printf three > /run/other"), WITHIN);
            assertThat(serving(east).essential().saveNow()).hasSize(1);
            assertThat(saved(east)).isEqualTo("three");
            untilService(east, service -> service.state().equals("answers"));
            whatIsSavedMoreOftenIsSavedAtOnce(east, desk, wished);
        }

        private static void whatIsSavedMoreOftenIsSavedAtOnce(
                GroupAtHome east, DefinitionDesk desk, GroupDefinition wished) throws Exception {
            desk.change(savedEvery(wished, 86_400));
            Optional<Instant> before = status(east).checked();
            until(east, state -> !state.checked().equals(before));
            inside(east).run(shell("printf fourth > /run/other"), WITHIN);
            desk.change(wished);
            until(east, state -> state.size().equals(new ByteCount(6)));
        }

        /** Its QEMU is ended, and another one is booted: its service answers again, and it has its state. */
        private static void aMachineWhoseServiceIsSilentIsStartedAgain(GroupAtHome east) throws Exception {
            inside(east).run(shell("ip link set eth0 down"), WITHIN);
            untilService(east, service -> service.restarts() == 1);
            untilService(east, service -> service.state().equals("answers"));
            until(east, state -> !state.awaitsImport());
            assertThat(StandardCharsets.UTF_8
                            .decode(inside(east).take(shell("cat /run/other"), WITHIN))
                            .toString())
                    .isEqualTo("fourth");
        }

        private static void aMachineWhoseQemuHangsIsStartedAgain(GroupAtHome east, Path directory) throws Exception {
            ProcessHandle qemu = ProcessHandle.allProcesses()
                    .filter(process -> process.info()
                            .commandLine()
                            .filter(line -> line.contains("qemu-system") && line.contains(directory.toString()))
                            .isPresent())
                    .findFirst()
                    .orElseThrow();
            Command.of("kill", "-STOP", String.valueOf(qemu.pid())).run();
            untilService(east, service -> service.restarts() == 2);
            assertThat(qemu.isAlive()).isFalse();
            untilService(east, service -> service.state().equals("answers"));
        }

        private static void untilService(GroupAtHome east, Predicate<GroupStatus.Service> wanted) throws Exception {
            for (long end = System.nanoTime() + PATIENCE.toNanos(); !wanted.test(service(east)); ) {
                assertThat(System.nanoTime()).as(service(east)::toString).isLessThan(end);
                Thread.sleep(50);
            }
        }

        private static GroupStatus.Service service(GroupAtHome east) {
            return east.agent().status().vms().getFirst().service().orElseThrow();
        }
    }

    /** The same group, with another essential state, and a service that may be silent for two seconds. */
    private static GroupDefinition watched(GroupDefinition before) {
        EssentialState other = new EssentialState(
                shell("cat /run/other"),
                shell("cat > /run/other"),
                Optional.of(1),
                Optional.of(CAPACITY),
                Optional.empty());
        ServiceProbe redis =
                new ServiceProbe(6379, Optional.of(1), Optional.of(2), Optional.of(ServiceProbe.Then.RESTART));
        return lookedAfter(before, other, Optional.of(redis));
    }

    private static GroupDefinition lookedAfter(
            GroupDefinition before, EssentialState state, Optional<ServiceProbe> service) {
        VmDefinition db = before.vms().getFirst();
        return before.withMachines(List.of(new VmDefinition(
                db.name(),
                db.memory(),
                db.vcpus(),
                db.address(),
                db.mac(),
                db.disks(),
                db.hooks(),
                db.after(),
                db.readyPort(),
                Optional.of(state),
                service)));
    }

    private static GroupDefinition savedEvery(GroupDefinition before, int seconds) {
        VmDefinition db = before.vms().getFirst();
        EssentialState state = db.essential().orElseThrow();
        EssentialState other = new EssentialState(
                state.exporting(), state.importing(), Optional.of(seconds), state.maxSize(), state.withinSeconds());
        return lookedAfter(before, other, db.service());
    }

    private static Path image(Path directory) {
        return directory.resolve("debian.raw");
    }

    /** Out here, where packages can be downloaded. */
    @BeforeEach
    void build() throws Exception {
        String guest = Command.of(Path.of("..", "lab", "guest", "build").toString())
                .within(PATIENCE)
                .run()
                .strip()
                .lines()
                .reduce("", (former, last) -> last);
        Command.of(
                        "cp",
                        "--sparse=always",
                        "--no-preserve=mode",
                        guest,
                        image(directory).toString())
                .run();
    }

    @Test
    void whatAMachineCantDoWithoutIsSavedAndGivenBackToItAndItsServiceIsWatched() {
        OwnNetwork.run(Debian.class, directory);
    }
}
