package io.godwit.site.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.api.DiskDefinition;
import io.godwit.api.EssentialState;
import io.godwit.api.GroupDefinition;
import io.godwit.api.GroupStatus;
import io.godwit.api.VmDefinition;
import io.godwit.core.ByteCount;
import io.godwit.core.Command;
import io.godwit.core.DiskName;
import io.godwit.core.VmName;
import io.godwit.hypervisor.GuestAgent;
import io.godwit.link.SiteIdentity;
import io.godwit.site.FollowingSite;
import io.godwit.site.essential.StateSlots;
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

/** Debian in a real machine, with a state in its memory that it can't do without. */
@Timeout(600)
class EssentialStateTest {
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
                served(directory, image, west.owner());
            }
        }

        private static void served(Path directory, Path image, SiteIdentity owner) throws Exception {
            try (GroupAtHome east = new GroupAtHome(directory, owner, one -> withState(one, image))) {
                try {
                    savedBefore(east, "one");
                    east.agent().begin(true);
                    aBootedMachineGetsItsStateBackBeforeAnyIsSaved(east);
                    theStateIsSavedWhenItHasChangedAndNeverReplacedByNothing(east);
                    aMachineThatRestartsGetsTheLastOne(east);
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
    void whatAMachineCantDoWithoutIsSavedAndGivenBackToIt() {
        OwnNetwork.run(Debian.class, directory);
    }
}
