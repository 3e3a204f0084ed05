package io.godwit.volume;

import static io.godwit.volume.GroupStoreTest.assertRefused;
import static io.godwit.volume.StoreFixture.LIMITS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.StoreFiles.Ownership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreFilesTest {
    @TempDir
    Path directory = Path.of("");

    @Test
    void areWrittenAsDocumented() throws IOException {
        StoreFiles files = new StoreFiles(directory);
        files.writeDisks(List.of(
                new DiskSpec(new DiskName("root"), ByteCount.ofMiB(1024), Path.of("/srv/g/root.img")),
                new DiskSpec(new DiskName("data"), ByteCount.ofMiB(4096), Path.of("/srv/g/data.img"))));
        files.writeOwnership(new Ownership(
                Role.PRIMARY, new Term(3), List.of(new TermStart(new Term(3), new LogEnd(new Position(80), -7)))));
        Progress.write(files.checkpoint(), new Position(73400320), Map.of("west", new Position(71303168)));
        assertThat(directory.resolve("store")).hasContent("""
                        godwit-store 1
                        disk root 1073741824 /srv/g/root.img
                        disk data 4294967296 /srv/g/data.img
                        crc32c a8dd5334
                        """);
        assertThat(directory.resolve("role"))
                .hasContent("godwit-role 1\nrole PRIMARY\nterm 3\nbegan 3 80 4294967289\ncrc32c 773f1d06\n");
        assertThat(directory.resolve("checkpoint"))
                .hasContent("godwit-checkpoint 1\napplied 73400320\nfollower 71303168 west\ncrc32c fc09a0b5\n");
    }

    @Test
    void aDamagedFileIsNotBelieved() throws IOException {
        StoreFixture.primary(directory).close();
        Path role = directory.resolve("role");
        Files.writeString(role, Files.readString(role).replace("PRIMARY", "REPLICA"));
        assertRefused(ErrorCode.CORRUPT, () -> GroupStore.open(directory, LIMITS));
    }

    @Test
    void aLogThatEndsBeforeWhatWasAppliedIsDamaged() throws Exception {
        try (GroupStore store = StoreFixture.primary(directory)) {
            store.disk(StoreFixture.ROOT).write(0, StoreFixture.random(1, 8192));
            store.holdAt(store.head()).close();
        }
        Path segment = Segment.path(directory.resolve("log"), 0);
        byte[] bytes = Files.readAllBytes(segment);
        bytes[Segment.HEADER_BYTES + 100] ^= 1;
        Files.write(segment, bytes);
        assertRefused(ErrorCode.CORRUPT, () -> GroupStore.open(directory, LIMITS));
    }

    @Test
    void onlyOneMayUseAStore() throws IOException {
        try (GroupStore store = StoreFixture.primary(directory)) {
            assertRefused(ErrorCode.CONFLICT, () -> GroupStore.open(directory, LIMITS));
            assertRefused(ErrorCode.CONFLICT, () -> StoreFixture.primary(directory));
            assertThat(store.head()).isEqualTo(Position.START);
        }
        assertRefused(ErrorCode.NOT_FOUND, () -> GroupStore.open(directory.resolve("log"), LIMITS));
        assertRefused(ErrorCode.NOT_FOUND, () -> GroupStore.open(directory.resolve("nowhere"), LIMITS));
    }

    @Test
    void anImageOfAnotherSizeIsRefusedAndNoStoreIsMade() throws IOException {
        Files.write(directory.resolve("root.img"), new byte[4096]);
        assertRefused(ErrorCode.CONFLICT, () -> StoreFixture.primary(directory));
        assertThat(directory.resolve("store")).doesNotExist();
        assertThatThrownBy(() -> new DiskSpec(StoreFixture.ROOT, new ByteCount(4097), Path.of("x")))
                .isInstanceOf(GodwitException.class);
    }

    @Test
    void aStoreWhoseStorageFailedIsNotOpenedAgain() throws IOException {
        StoreFixture.primary(directory).close();
        new StoreFiles(directory).writeFailure("fdatasync of x: Input/output error (errno 5)");
        assertRefused(ErrorCode.FAILED, () -> GroupStore.open(directory, LIMITS));
        Files.delete(directory.resolve("failed"));
        GroupStore.open(directory, LIMITS).close();
    }
}
