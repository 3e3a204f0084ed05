package io.godwit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.GodwitException;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageDigestsTest {
    @TempDir
    Path directory = Path.of("");

    @Test
    void namesThePagesThatDiffer() throws IOException {
        try (RamFile left = Ram.create(directory.resolve("left"), 3000 * 4096L);
                RamFile right = Ram.create(directory.resolve("right"), 3000 * 4096L)) {
            Ram.disturb(left, new Random(1), 1000);
            right.memory().copyFrom(left.memory());
            assertThat(PageDigests.of(left)).isEqualTo(PageDigests.of(right));
            right.memory().asByteBuffer().put(0, (byte) 99).put(2999 * 4096 + 4095, (byte) 99);
            assertThat(PageDigests.of(left).differingFrom(PageDigests.of(right)))
                    .containsExactly(0, 2999);
        }
    }

    @Test
    void pagesThatOneSideLacksDiffer() throws IOException {
        try (RamFile left = Ram.create(directory.resolve("left"), 2 * 4096L);
                RamFile right = Ram.create(directory.resolve("right"), 3 * 4096L)) {
            assertThat(PageDigests.of(left).differingFrom(PageDigests.of(right)))
                    .containsExactly(2);
        }
    }

    @Test
    void aFewPagesCanBeDigestedAnew() throws IOException {
        try (RamFile ram = Ram.create(directory.resolve("ram"), 100 * 4096L)) {
            PageDigests before = PageDigests.of(ram);
            ram.memory().set(ValueLayout.JAVA_BYTE, 7 * 4096L, (byte) 1);
            ram.memory().set(ValueLayout.JAVA_BYTE, 9 * 4096L, (byte) 1);
            BitSet one = new BitSet();
            one.set(7);
            assertThat(before.with(ram, one).differingFrom(PageDigests.of(ram))).containsExactly(9);
            assertThat(before.differingFrom(PageDigests.of(ram))).containsExactly(7, 9);
        }
    }

    @Test
    void travelAsBytesAndRefuseOthers() throws IOException {
        try (RamFile ram = Ram.create(directory.resolve("ram"), 100 * 4096L)) {
            Ram.disturb(ram, new Random(1), 50);
            PageDigests digests = PageDigests.of(ram);
            byte[] encoded = digests.encode();
            assertThat(PageDigests.decode(encoded)).isEqualTo(digests);
            for (int length = 0; length < encoded.length; length++) {
                byte[] cut = Arrays.copyOf(encoded, length);
                assertThatThrownBy(() -> PageDigests.decode(cut)).isInstanceOf(GodwitException.class);
            }
        }
    }

    @Test
    void anImpossibleNumberOfPagesTakesNoMemory() {
        byte[] huge = {(byte) 0x7f, -1, -1, -1, 0, 0, 0, 0};
        assertThatThrownBy(() -> PageDigests.decode(huge)).isInstanceOf(GodwitException.class);
    }
}
