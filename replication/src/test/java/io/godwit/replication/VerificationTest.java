package io.godwit.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ByteCount;
import io.godwit.core.GodwitException;
import io.godwit.replication.verify.Verification;
import io.godwit.replication.verify.VerifyDesk;
import io.godwit.replication.verify.VerifyProgress;
import io.godwit.replication.verify.VerifyResult;
import io.godwit.volume.DigestTree;
import io.godwit.volume.DiskRange;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class VerificationTest {
    private static final ByteCount DISK = ByteCount.ofMiB(136);
    private static final int LEAF = DigestTree.LEAF_BYTES;
    private static final long UNLIMITED = Long.MAX_VALUE / 2;

    @TempDir
    Path directory = Path.of("");

    /** However fast the disk is, a point lives for some tenths of a second. */
    private static final int WRITER_REST_MILLIS = 10;

    private final Random random = new Random(11);
    private TwoSites sites;

    @BeforeEach
    void start() throws Exception {
        sites = new TwoSites(directory, DISK);
        for (int i = 0; i < 20; i++) {
            TwoSites.write(sites.source, TwoSites.ROOT, random.nextInt(130) << 20, 300_000, random);
            TwoSites.change(sites.source, random);
        }
        sites.connect();
        assertThat(sites.seeded()).isTrue();
        assertThat(sites.caughtUp()).isTrue();
    }

    @AfterEach
    void stop() throws Exception {
        sites.close();
    }

    private VerifyResult verify(boolean repair, Consumer<VerifyProgress> listener) throws Exception {
        List<SocketChannel> ends = SocketChannel.pair();
        GroupStore copy = sites.replica.store().orElseThrow();
        Future<Boolean> desk = sites.start(() -> {
            VerifyDesk.serve(ends.getLast(), copy);
            return true;
        });
        try (Verification verification = new Verification(
                sites.source,
                ends.getFirst(),
                UNLIMITED,
                repair ? Optional.of(sites.replicator) : Optional.empty(),
                listener)) {
            return verification.run();
        } finally {
            ends.getFirst().close();
            assertThat(desk.get(20, TimeUnit.SECONDS)).isTrue();
            ends.getLast().close();
        }
    }

    private VerifyResult verify() throws Exception {
        return verify(false, progress -> {});
    }

    /** Changes bytes in a replica's image, as a disk that forgets would. */
    private void damage(String image, long offset, int length) throws IOException {
        GroupStore copy = sites.replica.store().orElseThrow();
        try {
            copy.holdAt(copy.head()).close();
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
        try (RandomAccessFile file =
                new RandomAccessFile(directory.resolve("west").resolve(image).toFile(), "rw")) {
            for (long at = offset; at < offset + length; at++) {
                file.seek(at);
                int before = file.read();
                file.seek(at);
                file.write(before ^ 0x10);
            }
        }
    }

    @Test
    void aReplicaThatIsTheSameIsSaidToBe() throws Exception {
        VerifyResult result = verify();
        assertThat(result.differing()).isEmpty();
        assertThat(result.differingBytes()).isZero();
        assertThat(result.totalBytes()).isEqualTo(2 * DISK.bytes());
        assertThat(result.readBytes()).isPositive().isLessThan(DISK.bytes() / 4);
        assertThat(result.from()).isEqualTo(result.to());
        assertThat(result.remaining()).isEmpty();
    }

    @Test
    void whereItDiffersIsFoundAndNamed() throws Exception {
        damage("root.raw", 5 * LEAF + 17, 1);
        damage("data.raw", 2000L * LEAF + 100, LEAF);
        damage("data.raw", DISK.bytes() - 1, 1);
        VerifyResult result = verify();
        assertThat(result.differing())
                .containsExactly(
                        new DiskRange(TwoSites.ROOT, 5 * LEAF, LEAF),
                        new DiskRange(TwoSites.DATA, 2000L * LEAF, 2 * LEAF),
                        new DiskRange(TwoSites.DATA, DISK.bytes() - LEAF, LEAF));
        assertThat(result.differingBytes()).isEqualTo(4 * LEAF);
        assertThat(result.more()).isFalse();
    }

    @Test
    void repairWritesItAgainFromTheSourceAndLooksOnceMore() throws Exception {
        damage("root.raw", 3 * LEAF, 70_000);
        damage("data.raw", 100L << 20, 5);
        VerifyResult result = verify(true, progress -> {});
        assertThat(result.differing()).hasSize(2);
        assertThat(result.remaining()).contains(List.of());
        assertThat(result.to()).isGreaterThan(result.from());
        assertThat(verify().differing()).isEmpty();
        assertThat(sites.caughtUp()).isTrue();
        assertThat(TwoSites.digests(sites.replica.store().orElseThrow(), sites.source.head()))
                .isEqualTo(TwoSites.digests(sites.source, sites.source.head()));
    }

    /** The logs of both sites are far too small for all that is written meanwhile: points end, and others are taken. */
    @Test
    void guestsWriteMeanwhileAndNothingIsSaidToDifferThatDoesNot() throws Exception {
        damage("data.raw", 130L << 20, 9);
        AtomicBoolean done = new AtomicBoolean();
        Future<Long> writing = sites.start(() -> {
            long writes = 0;
            for (Random other = new Random(5); !done.get(); writes++) {
                sites.replicator.admit(1 << 20);
                TwoSites.write(sites.source, TwoSites.ROOT, (long) other.nextInt(130) << 20, 1 << 20, other);
                Thread.sleep(WRITER_REST_MILLIS);
            }
            return writes;
        });
        try {
            VerifyResult result = verify(false, progress -> pauseBriefly());
            assertThat(result.differing()).containsExactly(new DiskRange(TwoSites.DATA, 130L << 20, LEAF));
        } finally {
            done.set(true);
            assertThat(writing.get(60, TimeUnit.SECONDS)).isPositive();
        }
    }

    private static void pauseBriefly() {
        try {
            Thread.sleep(300);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    @Test
    void itIsEndedByItsListenerAndKeepsNothing() throws Exception {
        assertThatThrownBy(() -> verify(false, progress -> {
                    throw new GodwitException(io.godwit.core.ErrorCode.FAILED, "nobody listens any more");
                }))
                .hasMessage("nobody listens any more");
        GroupStore source = sites.source;
        TwoSites.write(source, TwoSites.ROOT, 0, 4096, random);
        source.holdAt(source.head()).close();
        assertThat(source.applied()).isEqualTo(source.head());
    }

    @Test
    void aReplicaThatIsLostOnTheWayIsSaidToBeLost() throws Exception {
        List<SocketChannel> ends = SocketChannel.pair();
        ends.getLast().close();
        try (Verification verification =
                new Verification(sites.source, ends.getFirst(), UNLIMITED, Optional.empty(), progress -> {})) {
            assertThatThrownBy(verification::run).hasMessageContaining("the replica does not answer");
        }
    }
}
