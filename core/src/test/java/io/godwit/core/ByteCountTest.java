package io.godwit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ByteCountTest {
    @Test
    void readsTheUnitsThatPeopleWrite() {
        assertThat(ByteCount.parse("256MiB")).isEqualTo(ByteCount.ofMiB(256));
        assertThat(ByteCount.parse("4 g")).isEqualTo(ByteCount.ofMiB(4096));
        assertThat(ByteCount.parse("17")).isEqualTo(new ByteCount(17));
        assertThat(ByteCount.parse("1KiB")).isEqualTo(new ByteCount(1024));
    }

    @Test
    void refusesWhatIsNotASizeWithASentence() {
        assertThatThrownBy(() -> ByteCount.parse("lots"))
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("'lots' is not a size");
        assertThatThrownBy(() -> ByteCount.parse("999999999999999TiB")).isInstanceOf(GodwitException.class);
    }

    @Test
    void printsThreeDigitsAndAUnit() {
        assertThat(ByteCount.ofMiB(256)).hasToString("256 MiB");
        assertThat(new ByteCount(1_500_000)).hasToString("1.43 MiB");
        assertThat(new ByteCount(12)).hasToString("12 B");
    }
}
