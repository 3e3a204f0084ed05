package io.godwit.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigestTreeTest {
    private static final DiskName ROOT = new DiskName("root");
    /** Two leaves short of a second node of 2 MiB, and its last leaf is not whole. */
    private static final ByteCount SIZE = new ByteCount((4L << 20) - (3L << 15));

    private static final byte[] ZERO = new byte[DigestTree.DIGEST_BYTES];

    @TempDir
    Path directory = Path.of("");

    private GroupStore store(String name, ByteCount size) throws IOException {
        Files.createDirectories(directory.resolve(name));
        return GroupStore.create(
                directory.resolve(name).resolve("store"),
                List.of(new DiskSpec(ROOT, size, directory.resolve(name).resolve("root.img"))),
                Role.PRIMARY,
                Term.FIRST,
                Position.START,
                StoreFixture.LIMITS);
    }

    private static DigestTree tree(GroupStore store) {
        return new DigestTree(store.disk(ROOT), bytes -> {});
    }

    @Test
    void aLeafIsTheSha256OfItsContentAndANodeThatOfItsChildren() throws Exception {
        byte[] content = new byte[(int) SIZE.bytes()];
        new Random(3).nextBytes(content);
        try (GroupStore store = store("east", SIZE)) {
            store.disk(ROOT).write(0, ByteBuffer.wrap(content));
            MessageDigest leaf = MessageDigest.getInstance("SHA-256");
            MessageDigest node = MessageDigest.getInstance("SHA-256");
            int leaves = (int) DigestTree.nodes(SIZE.bytes(), 0);
            for (int i = DigestTree.FAN_OUT; i < leaves; i++) {
                int begin = i * DigestTree.LEAF_BYTES;
                leaf.update(content, begin, Math.min(DigestTree.LEAF_BYTES, content.length - begin));
                byte[] digest = leaf.digest();
                assertThat(tree(store).digest(0, i)).isEqualTo(digest);
                node.update(digest);
            }
            assertThat(leaves).isEqualTo(63);
            assertThat(tree(store).digest(1, 1)).isEqualTo(node.digest());
        }
    }

    @Test
    void whereACopyHasHolesDoesNotMatter() throws Exception {
        byte[] block = new byte[100_000];
        new Random(4).nextBytes(block);
        try (GroupStore dense = store("east", SIZE);
                GroupStore sparse = store("west", SIZE)) {
            dense.disk(ROOT).write(0, ByteBuffer.wrap(new byte[(int) SIZE.bytes()]));
            for (GroupStore store : List.of(dense, sparse)) {
                store.disk(ROOT).write(1 << 20, ByteBuffer.wrap(block));
            }
            for (int level = 0; level <= DigestTree.TOP_LEVEL; level++) {
                for (long i = 0; i < DigestTree.nodes(SIZE.bytes(), level); i++) {
                    assertThat(tree(sparse).digest(level, i))
                            .isEqualTo(tree(dense).digest(level, i));
                }
            }
            assertThat(tree(sparse).digest(0, 0)).isEqualTo(ZERO);
            dense.disk(ROOT).write((2 << 20) + 5, ByteBuffer.wrap(new byte[] {1}));
            assertThat(tree(sparse).digest(DigestTree.TOP_LEVEL, 0))
                    .isNotEqualTo(tree(dense).digest(DigestTree.TOP_LEVEL, 0));
        }
    }

    @Test
    void holesAreNotRead() throws Exception {
        ByteCount huge = new ByteCount(1L << 40);
        long[] read = new long[1];
        try (GroupStore store = store("east", huge)) {
            store.disk(ROOT).write(huge.bytes() / 2, ByteBuffer.wrap(new byte[] {1}));
            store.holdAt(store.head()).close();
            DigestTree tree = new DigestTree(store.disk(ROOT), bytes -> read[0] += bytes);
            int zero = 0;
            for (long i = 0; i < DigestTree.nodes(huge.bytes(), DigestTree.TOP_LEVEL); i++) {
                zero += MessageDigest.isEqual(tree.digest(DigestTree.TOP_LEVEL, i), ZERO) ? 1 : 0;
            }
            assertThat(zero).isEqualTo(16 * 1024 - 1);
            assertThat(read[0]).isLessThanOrEqualTo(2 * DigestTree.LEAF_BYTES);
        }
    }
}
