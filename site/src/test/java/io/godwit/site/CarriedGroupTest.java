package io.godwit.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.CopyReport;
import io.godwit.core.GodwitException;
import io.godwit.replication.CopyExport;
import io.godwit.volume.CopyWatch;
import io.godwit.volume.GroupStore;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A site takes a group's disks from a directory, and over the link only what they lack. */
@Timeout(180)
class CarriedGroupTest {
    private static final int KIB = 1 << 10;

    private static final CopyWatch UNWATCHED = new CopyWatch() {
        @Override
        public void begin(Step step, long bytes) {}

        @Override
        public void done(long bytes) {}
    };

    @TempDir
    Path directory = Path.of("");

    private FollowingSite west;
    private GroupStore owner;

    @BeforeEach
    void begin() throws Exception {
        west = new FollowingSite(directory);
        owner = west.found();
    }

    @AfterEach
    void end() throws Exception {
        owner.close();
        west.close();
    }

    private Path exported() throws Exception {
        Path medium = directory.resolve("medium");
        new CopyExport(FollowingSite.SHOP, owner, directory.resolve("exporting"), OptionalLong.empty(), UNWATCHED)
                .into(medium);
        return medium;
    }

    private static void assertRefused(ThrowingCallable call, String sentence) {
        assertThatThrownBy(call).isInstanceOfSatisfying(GodwitException.class, refusal -> {
            assertThat(refusal.sentence()).contains(sentence);
            assertThat(refusal.code().refused()).as(refusal.code().toString()).isTrue();
        });
    }

    @Test
    void whatWasCarriedBeforeTheSitesKnewEachOtherIsNotSent() throws Exception {
        CopyReport report = west.bring(exported());
        assertThat(report.group()).isEqualTo(FollowingSite.SHOP);
        assertThat(report.sentence()).contains("waits for the group");
        assertThat(west.group().resolve("root.raw")).exists();
        west.pair();
        west.define();
        west.write(owner, 5 << 20, 8 * KIB);
        assertThat(west.ship(owner)).isLessThan(64 * KIB);
        assertThat(west.status().durable()).isEqualTo(owner.head());
        assertRefused(() -> west.bring(directory.resolve("medium")), "is complete");
    }

    @Test
    void whatWasCarriedToAGroupThatIsKnownIsNotSent() throws Exception {
        west.pair();
        west.define();
        Path medium = exported();
        List<ApiReply> said = new ArrayList<>();
        west.api().stream(new ApiRequest.ImportGroup(medium.toString()), said::add);
        assertThat(said.getLast()).isInstanceOf(ApiReply.Copied.class);
        west.restart();
        assertThat(west.ship(owner)).isLessThan(64 * KIB);
        assertThat(medium.resolve("root.raw")).exists();
    }

    @Test
    void aDamagedCopyChangesNothing() throws Exception {
        Path medium = exported();
        try (RandomAccessFile image =
                new RandomAccessFile(medium.resolve("root.raw").toFile(), "rw")) {
            image.seek(1 << 20);
            int value = image.read();
            image.seek(1 << 20);
            image.write(value + 1);
        }
        assertRefused(() -> west.bring(medium), "root.raw is damaged");
        assertThat(west.group()).isEmptyDirectory();
        west.pair();
        west.define();
        assertRefused(() -> west.bring(medium), "root.raw is damaged");
        assertThat(west.group().resolve("root.raw")).doesNotExist();
        assertThat(west.ship(owner)).isGreaterThan(3 << 20);
    }

    @Test
    void whatIsNoCopyIsRefusedInASentence() throws Exception {
        assertRefused(() -> west.bring(directory.resolve("not/there")), "holds no copy of a group");
        assertRefused(() -> west.bring(Files.createDirectory(directory.resolve("empty"))), "holds no copy of a group");
        assertRefused(() -> west.api().ask(new ApiRequest.ImportGroup("medium")), "is not an absolute path");
        assertRefused(
                () -> west.api().ask(new ApiRequest.ExportGroup(FollowingSite.SHOP, "/tmp/shop", Optional.empty())),
                "there is no group shop");
        west.pair();
        west.define();
        assertRefused(
                () -> west.api().ask(new ApiRequest.ExportGroup(FollowingSite.SHOP, "/tmp/shop", Optional.empty())),
                "group shop runs at east");
    }

    @Test
    void whatAStopHasLeftIsRemoved() throws Exception {
        west.pair();
        west.define();
        Path staged = west.group().resolve("root.raw.godwit-import");
        west.whileStopped(() -> {
            Files.createFile(staged);
            Files.createDirectory(west.group().resolve("exporting"));
        });
        assertThat(staged).doesNotExist();
        assertThat(west.group().resolve("exporting")).doesNotExist();
    }
}
