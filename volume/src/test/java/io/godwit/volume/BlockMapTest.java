package io.godwit.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.posix.PosixFile;
import io.godwit.core.posix.PosixFile.Access;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockMapTest {
    private static final int BLOCK = 4096;
    private static final long TIB = 1L << 40;
    /** The set is looked at around these places of the disk, one of them at its very end. */
    private static final int PART_BLOCKS = 200_000;

    @TempDir
    Path directory = Path.of("");

    @Test
    void itSaysWhatASetOfBitsSays() throws Exception {
        long seed = System.nanoTime();
        System.out.println("BlockMapTest seed " + seed);
        Random random = new Random(seed);
        BlockMap map = new BlockMap(BLOCK);
        BitSet bits = new BitSet();
        for (int i = 0; i < 300; i++) {
            int from = random.nextInt(PART_BLOCKS);
            int count = Math.min(PART_BLOCKS - from, 1 + random.nextInt(1 << random.nextInt(14)));
            map.add((long) from * BLOCK + random.nextInt(BLOCK), (count - 1L) * BLOCK + 1);
            bits.set(from, from + count + 1);
            map.add((long) from * BLOCK, (count + 1L) * BLOCK);
        }
        Path path = directory.resolve("map");
        try (PosixFile file = PosixFile.open(path, Access.CREATE)) {
            BlockMap.write(map.takeChanged(), file);
            assertThat(map.takeChanged()).isEmpty();
        }
        for (BlockMap each : new BlockMap[] {map, BlockMap.read(path, BLOCK)}) {
            assertThat(each.bytes(TIB)).as("seed %d", seed).isEqualTo((long) bits.cardinality() * BLOCK);
            for (int i = 0; i < 2_000; i++) {
                int at = random.nextInt(PART_BLOCKS + 100);
                long offset = (long) at * BLOCK;
                assertThat(each.has(offset)).as("seed %d", seed).isEqualTo(bits.get(at));
                int next = bits.nextSetBit(at);
                assertThat(each.next(offset, TIB)).as("seed %d", seed).isEqualTo(next < 0 ? TIB : (long) next * BLOCK);
                assertThat(each.nextAbsent(offset, TIB))
                        .as("seed %d", seed)
                        .isEqualTo((long) bits.nextClearBit(at) * BLOCK);
            }
        }
    }

    @Test
    void aMapOfALargeDiskIsAsLargeAsWhatWasTouched() {
        BlockMap map = new BlockMap(BLOCK);
        map.add(TIB - BLOCK, BLOCK);
        assertThat(map.next(0, TIB)).isEqualTo(TIB - BLOCK);
        assertThat(map.takeChanged()).hasSize(1);
        assertThat(map.next(5, TIB - BLOCK)).isEqualTo(TIB - BLOCK);
        assertThat(map.nextAbsent(TIB - 7, TIB)).isEqualTo(TIB);
    }
}
