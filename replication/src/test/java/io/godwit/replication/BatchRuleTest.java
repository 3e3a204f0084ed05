package io.godwit.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchRuleTest {
    private static final long MIB = 1 << 20;
    private static final ReplicationPolicy ASYNC = ReplicationPolicy.DEFAULT;

    private static long most(ReplicationPolicy policy, Waiting waiting, long rate, long room) {
        return new BatchRule(policy, waiting, false, rate, room).mostBytes();
    }

    @Test
    void aBatchTakesAQuarterOfTheAgeThatThePolicyAllows() {
        assertThat(ASYNC.maxLagTime()).isEqualTo(Duration.ofSeconds(10));
        assertThat(most(ASYNC, Waiting.NOTHING, 8 * MIB, 1 << 30)).isEqualTo(20 * MIB);
        assertThat(ASYNC.rpo()).isEqualTo(Duration.ofSeconds(5));
        assertThat(most(ASYNC.with(Mode.ADAPTIVE), Waiting.NOTHING, 8 * MIB, 1 << 30))
                .isEqualTo(10 * MIB);
    }

    @Test
    void itIsNeitherTinyNorBoundless() {
        assertThat(most(ASYNC, Waiting.NOTHING, 1, 1 << 30)).isEqualTo(BatchRule.MIN_BYTES);
        assertThat(most(ASYNC, Waiting.NOTHING, 1 << 30, 1 << 30)).isEqualTo(BatchRule.MAX_BYTES);
    }

    @Test
    void itFindsRoomAtTheReplica() {
        assertThat(most(ASYNC, Waiting.NOTHING, 1 << 30, 3 * MIB)).isEqualTo(3 * MIB);
        assertThat(most(ASYNC, Waiting.NOTHING, 1 << 30, 1000)).isZero();
        assertThat(most(ASYNC, Waiting.NOTHING, 1 << 30, -1)).isZero();
    }

    @Test
    void nobodyWaitsForABatch() {
        assertThat(most(ASYNC, Waiting.FLUSHES, 1 << 30, 1 << 30)).isZero();
        assertThat(most(ASYNC, Waiting.WRITES, 1 << 30, 1 << 30)).isZero();
    }

    private static boolean gathersOn(Waiting waiting, boolean linkScarce, long gathered, Duration since) {
        return new BatchRule(ASYNC, waiting, linkScarce, 64 * MIB, 1 << 30).gathersOn(gathered, since);
    }

    @Test
    void whereTheLinkIsScarceTheLogGathersForAFifthOfTheAge() {
        assertThat(gathersOn(Waiting.NOTHING, true, 1, Duration.ofMillis(1900))).isTrue();
        assertThat(gathersOn(Waiting.NOTHING, true, 1, Duration.ofSeconds(2))).isFalse();
        assertThat(gathersOn(Waiting.NOTHING, true, 0, Duration.ZERO)).isFalse();
    }

    @Test
    void orUpToThreeEighthsOfTheBytes() {
        assertThat(ASYNC.maxLag().bytes()).isEqualTo(64 * MIB);
        assertThat(gathersOn(Waiting.NOTHING, true, 24 * MIB - 1, Duration.ZERO))
                .isTrue();
        assertThat(gathersOn(Waiting.NOTHING, true, 24 * MIB, Duration.ZERO)).isFalse();
    }

    @Test
    void whereThereIsRoomOnTheLinkOrSomebodyWaitsNothingIsPutOff() {
        assertThat(gathersOn(Waiting.NOTHING, false, 1, Duration.ZERO)).isFalse();
        assertThat(gathersOn(Waiting.FLUSHES, true, 1, Duration.ZERO)).isFalse();
        BatchRule degraded = new BatchRule(ASYNC.with(Mode.SYNC), Waiting.NOTHING, true, 64 * MIB, 1 << 30);
        assertThat(degraded.gathersOn(1, Duration.ZERO)).isFalse();
    }
}
