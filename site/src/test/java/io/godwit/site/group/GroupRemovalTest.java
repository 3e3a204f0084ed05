package io.godwit.site.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.RemovalReport;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.site.FollowingSite;
import io.godwit.site.peer.PeerReply;
import io.godwit.volume.GroupStore;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A group is taken out of protection at its home, which is its owner, with its copy at a site whose daemon runs. */
@Timeout(120)
class GroupRemovalTest {
    private static final int LENGTH = 1 << 20;

    @TempDir
    Path directory = Path.of("");

    private FollowingSite west;
    private GroupAtHome east;
    private final byte[] content = new byte[LENGTH];

    @BeforeEach
    void begin() throws Exception {
        west = new FollowingSite(directory.resolve("follower"));
        west.pair();
        east = new GroupAtHome(directory.resolve("owner"), GroupAtHome.EAST, west.owner());
        west.define(east.agent().record().definition());
        new Random(5).nextBytes(content);
        GroupStore store = ((Serving) east.agent().role()).store();
        store.disk(GroupAtHome.ROOT).write(0, ByteBuffer.wrap(content));
        west.ship(store);
    }

    @AfterEach
    void end() throws Exception {
        if (Files.exists(east.files().directory())) {
            east.agent().leave();
        }
        east.site().disks().close();
        west.close();
    }

    private RemovalReport remove(boolean confirmed, boolean here) throws Exception {
        return east.agent().removal().remove(new ApiRequest.RemoveGroup(GroupAtHome.SHOP, confirmed, here, 0));
    }

    private RemovalReport removeCopy(boolean here) {
        ApiReply reply = west.api().ask(new ApiRequest.RemoveGroup(GroupAtHome.SHOP, true, here, 0));
        return ((ApiReply.Removed) reply).report();
    }

    private Path image() {
        return directory.resolve("owner/root.img");
    }

    private byte[] imagesContent() throws Exception {
        return Arrays.copyOf(Files.readAllBytes(image()), LENGTH);
    }

    private Path copy() {
        return directory.resolve("follower/west/groups/shop");
    }

    private static void assertRefused(ThrowingCallable wish, String sentence) {
        assertThatThrownBy(wish).isInstanceOfSatisfying(GodwitException.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(ErrorCode.CONFLICT);
            assertThat(refusal.sentence()).contains(sentence);
        });
    }

    @Test
    void itsDiskHoldsAllThatWasWrittenAndItsCopyIsGone() throws Exception {
        RemovalReport report = remove(true, false);
        assertThat(report.removed()).isTrue();
        assertThat(report.disks()).containsExactly(new RemovalReport.Disk(GroupAtHome.ROOT, image().toString()));
        assertThat(report.copyAt()).contains(GroupAtHome.WEST);
        assertThat(imagesContent()).isEqualTo(content);
        assertThat(east.files().directory()).doesNotExist();
        assertThat(directory.resolve("owner/state/removing")).isEmptyDirectory();
        assertThat(copy()).doesNotExist();
        assertThatThrownBy(() -> west.api().ask(new ApiRequest.CancelMove(GroupAtHome.SHOP)))
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("no group shop");
    }

    @Test
    void withoutConfirmationItOnlySaysWhatItWouldMean() throws Exception {
        RemovalReport report = remove(false, false);
        assertThat(report.removed()).isFalse();
        assertThat(report.copyAt()).contains(GroupAtHome.WEST);
        assertThat(east.files().record()).isPresent();
        assertThat(copy()).isNotEmptyDirectory();
    }

    @Test
    void whileTheOtherSiteIsAwayItIsRemovedHereAlone() throws Exception {
        west.whileStopped(() -> {
            assertRefused(() -> remove(true, false), "add --here");
            assertThat(east.files().record()).isPresent();
            assertThat(remove(true, true).copyAt()).isEmpty();
        });
        assertThat(imagesContent()).isEqualTo(content);
        assertThat(east.files().directory()).doesNotExist();
        assertThat(copy()).isNotEmptyDirectory();
    }

    @Test
    void aCopyWhoseOwnerCannotBeAskedIsPutAsideAsItIs() {
        assertRefused(() -> removeCopy(false), "add --here");
        assertThat(copy()).isNotEmptyDirectory();
        Path place = directory.resolve("follower/west/removed/shop");
        assertThat(removeCopy(true).setAside()).contains(place.toString());
        assertThat(copy()).doesNotExist();
        assertThat(place.resolve("store")).isNotEmptyDirectory();
        assertThat(place.resolve("root.raw")).isNotEmptyFile();
    }

    @Test
    void aCopyWhoseOwnerHasNoSuchGroupIsDeleted() throws Exception {
        PeerReply unknown = new PeerReply.Failure(ErrorCode.NOT_FOUND, "there is no group shop at site east");
        west.whileEastAnswers(
                request -> unknown,
                () -> assertThat(removeCopy(false).setAside()).isEmpty());
        assertThat(copy()).doesNotExist();
        assertThat(directory.resolve("follower/west/removed")).doesNotExist();
    }

    @Test
    void whoIsNotTheOwnerAnyMoreRemovesNothing() throws Exception {
        Path record = copy().resolve("group.json");
        west.whileStopped(() ->
                Files.writeString(record, Files.readString(record).replaceAll("\"term\" : \\d+", "\"term\" : 7")));
        assertRefused(() -> remove(true, false), "is not east's to remove");
        assertThat(east.files().record()).isPresent();
        assertThat(copy()).isNotEmptyDirectory();
    }
}
