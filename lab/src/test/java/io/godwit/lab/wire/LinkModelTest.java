package io.godwit.lab.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.BitRate;
import io.godwit.core.ByteCount;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a link does to frames, in a time that the test makes. */
class LinkModelTest {
    private static final long MILLISECOND = 1_000_000;
    private static final LinkShape SHAPE =
            new LinkShape(Duration.ofMillis(20), BitRate.parse("8mbit"), ByteCount.ofKiB(10), 0);

    @Test
    void aFrameTakesItsOwnBitsAndTheDelay() {
        LinkModel link = new LinkModel(SHAPE, 1, 0);
        assertThat(link.admit(0, 1_000)).as("1 ms for 8,000 bits").isEqualTo(21 * MILLISECOND);
    }

    @Test
    void framesLeaveOneAfterTheOther() {
        LinkModel link = new LinkModel(SHAPE, 1, 0);
        link.admit(0, 1_000);
        assertThat(link.admit(0, 1_000)).isEqualTo(22 * MILLISECOND);
        assertThat(link.admit(10 * MILLISECOND, 1_000)).as("the link was idle").isEqualTo(31 * MILLISECOND);
    }

    @Test
    void whatFindsTheQueueFullIsDropped() {
        LinkModel link = new LinkModel(SHAPE, 1, 0);
        int admitted = 0;
        for (int frame = 0; frame < 100; frame++) {
            admitted += link.admit(0, 1_024) == LinkModel.QUEUE_FULL ? 0 : 1;
        }
        assertThat(admitted).as("10 KiB of them").isEqualTo(10);
        assertThat(link.admit(2 * MILLISECOND, 1_024)).as("there is room again").isNotEqualTo(LinkModel.QUEUE_FULL);
    }

    @Test
    void anIdleLinkTakesAFrameLargerThanItsQueue() {
        LinkShape narrow = new LinkShape(Duration.ZERO, BitRate.parse("8mbit"), ByteCount.ofKiB(2), 0);
        assertThat(new LinkModel(narrow, 1, 0).admit(0, 9_000)).isEqualTo(9 * MILLISECOND);
    }

    @Test
    void aHundredthIsLostWhenAHundredthShallBe() {
        LinkModel link =
                new LinkModel(new LinkShape(Duration.ZERO, BitRate.parse("1gbit"), ByteCount.ofMiB(1), 1), 7, 0);
        int lost = 0;
        for (long frame = 0; frame < 100_000; frame++) {
            lost += link.admit(frame * MILLISECOND, 100) == LinkModel.LOST ? 1 : 0;
        }
        assertThat(lost).isBetween(900, 1_100);
    }

    @Test
    void theSameSeedLosesTheSameFrames() {
        LinkShape lossy = new LinkShape(Duration.ZERO, BitRate.parse("1gbit"), ByteCount.ofMiB(1), 10);
        LinkModel one = new LinkModel(lossy, 42, 0);
        LinkModel other = new LinkModel(lossy, 42, 0);
        for (long frame = 0; frame < 1_000; frame++) {
            assertThat(one.admit(frame * MILLISECOND, 100)).isEqualTo(other.admit(frame * MILLISECOND, 100));
        }
    }

    @Test
    void framesAreNeverReorderedWhateverChangesMeanwhile() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        LinkModel link = new LinkModel(SHAPE, seed, 0);
        long now = 0;
        long latest = 0;
        for (int step = 0; step < 10_000; step++) {
            now += random.nextInt(2_000_000);
            if (random.nextInt(50) == 0) {
                link.reshape(LinkShape.of(
                        Duration.ofMillis(random.nextInt(200)),
                        new BitRate(1_000_000 + random.nextInt(500_000_000)),
                        1));
            }
            long due = link.admit(now, 60 + random.nextInt(1_500));
            if (due != LinkModel.QUEUE_FULL && due != LinkModel.LOST) {
                assertThat(due).as("seed %d, step %d", seed, step).isGreaterThanOrEqualTo(Math.max(latest, now));
                latest = due;
            }
        }
    }

    @Test
    void aCutForgetsWhatWaited() {
        LinkModel link = new LinkModel(SHAPE, 1, 0);
        for (int frame = 0; frame < 10; frame++) {
            link.admit(0, 1_024);
        }
        link.cut(MILLISECOND);
        assertThat(link.backlogBytes(MILLISECOND)).isZero();
    }
}
