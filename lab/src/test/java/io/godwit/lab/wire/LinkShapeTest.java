package io.godwit.lab.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.BitRate;
import io.godwit.core.ByteCount;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkShapeTest {
    @ParameterizedTest
    @CsvSource({"100mbit,100000000", "1gbit,1000000000", "2.5 Mbit/s,2500000", "64kbit,64000", "100gbit,100000000000"})
    void aRateIsReadFromText(String text, long bits) {
        assertThat(BitRate.parse(text).bitsPerSecond()).isEqualTo(bits);
        assertThat(BitRate.parse(BitRate.parse(text).toString())).isEqualTo(BitRate.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fast", "100", "-1mbit", "0kbit", "101gbit", "999999999gbit", "1.5.5mbit", "100mbits"})
    void whatIsNoRateIsRefused(String text) {
        assertThatThrownBy(() -> BitRate.parse(text)).isInstanceOf(GodwitException.class);
    }

    @Test
    void theQueueHoldsOneBandwidthDelayProduct() {
        LinkShape wan = LinkShape.of(Duration.ofMillis(100), BitRate.parse("100mbit"), 0);
        assertThat(wan.delay()).isEqualTo(Duration.ofMillis(50));
        assertThat(wan.queue()).isEqualTo(new ByteCount(1_250_000));
        LinkShape near = LinkShape.of(Duration.ofMillis(1), BitRate.parse("100mbit"), 0);
        assertThat(near.queue()).isEqualTo(ByteCount.ofKiB(256));
    }

    @Test
    void aShapeIsWrittenAsJsonAndReadAgain() {
        LinkShape shape = LinkShape.of(Duration.ofMillis(41), BitRate.parse("100mbit"), 0.1);
        assertThat(Json.read(Json.bytes(shape), LinkShape.class, "the shape")).isEqualTo(shape);
    }

    @Test
    void shapesThatNoLinkCanHaveAreRefused() {
        BitRate rate = BitRate.parse("1mbit");
        ByteCount queue = ByteCount.ofKiB(256);
        assertThatThrownBy(() -> new LinkShape(Duration.ofMillis(-1), rate, queue, 0))
                .isInstanceOf(GodwitException.class);
        assertThatThrownBy(() -> new LinkShape(Duration.ofSeconds(11), rate, queue, 0))
                .isInstanceOf(GodwitException.class);
        assertThatThrownBy(() -> new LinkShape(Duration.ZERO, rate, queue, Double.NaN))
                .isInstanceOf(GodwitException.class);
        assertThatThrownBy(() -> new LinkShape(Duration.ZERO, rate, queue, 100.1))
                .isInstanceOf(GodwitException.class);
        assertThatThrownBy(() -> new LinkShape(Duration.ZERO, rate, ByteCount.ZERO, 0))
                .isInstanceOf(GodwitException.class);
    }
}
