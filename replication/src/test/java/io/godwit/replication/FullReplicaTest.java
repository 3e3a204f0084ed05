package io.godwit.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The replica's disk, a small file system in a mount namespace of its own, fills up and gets room again. */
@Timeout(120)
class FullReplicaTest {
    private static final String MOUNT_AND_RUN =
            "mkdir \"$0/west\" && mount -t tmpfs -o size=40m none \"$0/west\" && exec \"$@\"";

    @TempDir
    Path directory = Path.of("");

    @Test
    void itSaysSoAndTheSourceGoesOn() throws Exception {
        assumeTrue(run(List.of("unshare", "-Urm", "true")).exit == 0, "user namespaces are not allowed here");
        List<String> command =
                new ArrayList<>(List.of("unshare", "-Urm", "sh", "-c", MOUNT_AND_RUN, directory.toString()));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FullReplica.class.getName()));
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
    static final class FullReplica {
        private FullReplica() {}

        public static void main(String[] arguments) throws Exception {
            Path directory = Path.of(arguments[0]);
            Path ballast = directory.resolve("west/ballast");
            Random random = new Random(9);
            TwoSites sites = new TwoSites(directory, ByteCount.ofMiB(8));
            try {
                sites.connect();
                assertThat(sites.seeded()).isTrue();
                Files.write(ballast, new byte[26 << 20]);
                GodwitException full = fillUp(sites, random);
                assertThat(full.code()).isEqualTo(ErrorCode.NO_SPACE);
                assertThat(full.sentence()).contains("the replica ended replication", "room");
                assertThat(sites.replicator.status().trouble()).contains(full.sentence());
                assertThat(sites.replica.status().consistent()).isTrue();
                TwoSites.change(sites.source, random);
                Files.delete(ballast);
                catchUp(sites);
                assertThat(TwoSites.digests(sites.replica.store().orElseThrow(), sites.source.head()))
                        .isEqualTo(TwoSites.digests(sites.source, sites.source.head()));
            } finally {
                sites.close();
            }
            System.out.println("harmless");
            System.exit(0);
        }

        private static GodwitException fillUp(TwoSites sites, Random random) throws Exception {
            for (int i = 0; i < 30 && sites.replicator.status().connected(); i++) {
                TwoSites.write(sites.source, TwoSites.ROOT, (i % 7) << 20, 1 << 20, random);
                sites.source.awaitDurable(sites.source.head());
                Thread.sleep(50);
            }
            return (GodwitException) sites.shippingEnded().orElseThrow();
        }

        private static void catchUp(TwoSites sites) throws Exception {
            for (int attempt = 0; attempt < 20; attempt++) {
                sites.connect();
                if (sites.replicator.awaitRemoteDurable(sites.source.head(), java.time.Duration.ofSeconds(3))) {
                    return;
                }
                sites.disconnect();
            }
            throw new AssertionError("the replica never recovered: " + sites.replicator.status());
        }
    }
}
