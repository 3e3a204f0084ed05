package io.godwit.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store on a small file system, in a mount namespace of its own, that fills up and gets room again. */
class FullDiskTest {
    private static final String MOUNT_AND_RUN = "mount -t tmpfs -o size=40m none \"$0\" && exec \"$@\"";

    @TempDir
    Path directory = Path.of("");

    @Test
    void aFullDiskHarmsNothing() throws Exception {
        assumeTrue(run(List.of("unshare", "-Urm", "true")).exit == 0, "user namespaces are not allowed here");
        List<String> command =
                new ArrayList<>(List.of("unshare", "-Urm", "sh", "-c", MOUNT_AND_RUN, directory.toString()));
        command.addAll(ChildJvm.command(FullDisk.class));
        command.add(directory.toString());
        Outcome outcome = run(command);
        assertThat(outcome.output).endsWith("harmless\n");
        assertThat(outcome.exit).isZero();
    }

    private record Outcome(int exit, String output) {}

    private static Outcome run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
    }

    /** What happens there. */
    static final class FullDisk {
        private static final StoreLimits LIMITS = new StoreLimits(
                ByteCount.ofMiB(20),
                StoreLimits.MIN_SEGMENT,
                ByteCount.ofMiB(4),
                Duration.ofMillis(10),
                Duration.ofMillis(200));
        private static final int PATIENCE_ATTEMPTS = 300;

        private FullDisk() {}

        public static void main(String[] arguments) throws Exception {
            Path directory = Path.of(arguments[0]);
            Path ballast = directory.resolve("ballast");
            History history = new History(new java.util.Random(1), 200_000);
            List<DiskSpec> disks = StoreFixture.specs(directory);
            try (GroupStore store =
                    GroupStore.create(directory, disks, Role.PRIMARY, Term.FIRST, Position.START, LIMITS)) {
                history.change(store, 10);
                Files.write(ballast, new byte[24 << 20]);
                changeUntilRefused(store, history);
                assertHolds(store, history);
                store.awaitDurable(store.head());
                assertRefusedToTakeARole(store);
                Files.delete(ballast);
                changeUntilAccepted(store, history);
                history.change(store, 50);
                store.holdAt(store.head()).close();
                assertHolds(store, history);
            }
            try (GroupStore store = GroupStore.open(directory, LIMITS)) {
                assertThat(store.role()).isEqualTo(Role.PRIMARY);
                assertHolds(store, history);
            }
            System.out.println("harmless");
        }

        private static void changeUntilRefused(GroupStore store, History history) throws IOException {
            for (int attempt = 0; attempt < PATIENCE_ATTEMPTS; attempt++) {
                try {
                    history.change(store, 1);
                } catch (GodwitException refused) {
                    assertThat(refused.code()).isEqualTo(ErrorCode.NO_SPACE);
                    return;
                }
            }
            throw new AssertionError("the disk never got full");
        }

        private static void changeUntilAccepted(GroupStore store, History history) throws Exception {
            for (int attempt = 0; attempt < PATIENCE_ATTEMPTS; attempt++) {
                try {
                    history.change(store, 1);
                    return;
                } catch (GodwitException refused) {
                    assertThat(refused.code()).isEqualTo(ErrorCode.NO_SPACE);
                    Thread.sleep(50);
                }
            }
            throw new AssertionError("the store never recovered");
        }

        /** Fills the last bytes, so that not even a small file can be written. */
        private static void assertRefusedToTakeARole(GroupStore store) throws IOException {
            Path last = Path.of(store.disks().getFirst().base().toString()).resolveSibling("last");
            try (var output = Files.newOutputStream(last)) {
                while (true) {
                    output.write(new byte[4096]);
                }
            } catch (IOException full) {
                assertThat(full).hasMessageContaining("No space left");
            }
            try {
                store.fence();
                throw new AssertionError("a role was taken that cannot have been written down");
            } catch (IOException expected) {
                assertThat(store.role()).isEqualTo(Role.PRIMARY);
            }
            Files.delete(last);
        }

        private static void assertHolds(GroupStore store, History history) throws IOException {
            var expected = history.at(store.head(), store.disks());
            for (DiskSpec disk : store.disks()) {
                byte[] content = StoreFixture.read(
                        store.disk(disk.name()), 0, (int) disk.size().bytes());
                assertThat(java.util.Arrays.mismatch(content, expected.get(disk.name())))
                        .isEqualTo(-1);
            }
        }
    }
}
