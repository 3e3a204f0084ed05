package io.godwit.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.SetAsideReport;
import io.godwit.core.BitRate;
import io.godwit.core.ByteCount;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.GroupStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A site that was the owner, and was replaced while it was away, becomes the replica by difference; what it alone had is listed,
 * exported and dropped by its API. That it was replaced stands in its record of the group here, where a failover would have put it.
 */
@Timeout(180)
class FormerOwnerTest {
    private static final int KIB = 1 << 10;
    private static final GroupName SHOP = FollowingSite.SHOP;

    @TempDir
    Path directory = Path.of("");

    private FollowingSite west;
    private GroupStore owner;

    @BeforeEach
    void begin() throws Exception {
        west = new FollowingSite(directory);
        owner = west.found();
        west.pair();
        west.define();
        west.ship(owner);
    }

    @AfterEach
    void end() throws Exception {
        owner.close();
        west.close();
    }

    private SetAsideReport setAside() {
        return ((ApiReply.SetAside) west.api().ask(new ApiRequest.ListSetAside(SHOP))).report();
    }

    private void assertRefused(ApiRequest request, String sentence) {
        ThrowingCallable call = () -> west.api().ask(request);
        assertThatThrownBy(call).isInstanceOfSatisfying(GodwitException.class, refusal -> {
            assertThat(refusal.sentence()).contains(sentence);
            assertThat(refusal.code().refused()).as(refusal.code().toString()).isTrue();
        });
    }

    /** The site owns the group for a while, writes so much that is never shipped, and is replaced. */
    private Position lost(int kibibytes) throws Exception {
        Position[] parting = new Position[1];
        west.whileStopped(() -> {
            try (GroupStore store = GroupStore.open(west.group().resolve("store"), FollowingSite.LIMITS)) {
                parting[0] = store.head();
                store.promote(owner.term().next());
                west.write(store, 4 << 20, kibibytes * KIB);
                store.awaitImages(store.head());
            }
        });
        owner.promote(owner.term().next().next());
        west.write(owner, 6 << 20, 8 * KIB);
        return parting[0];
    }

    @Test
    void lostWritesAreListedExportedAndDropped() throws Exception {
        assertThat(setAside().entries()).isEmpty();
        Position parting = lost(100);
        long crossed = west.ship(owner);
        assertThat(crossed).as("by difference").isLessThan(200 * KIB);
        assertThat(west.status().durable()).isEqualTo(owner.head());
        assertThat(west.status().role()).isEqualTo("following");
        assertThat(setAside().group()).isEqualTo(SHOP);
        SetAsideReport.Entry lost = setAside().entries().getFirst();
        assertThat(lost.from()).isEqualTo(parting);
        assertThat(lost.changedBytes()).isEqualTo(ByteCount.ofKiB(100));
        assertThat(lost.whole()).isTrue();
        Path file = directory.resolve("lost.log");
        assertThat(west.done(new ApiRequest.ExportSetAside(SHOP, lost.id(), file.toString())))
                .contains("1 changes of 100 KiB");
        assertThat(Files.size(file)).isGreaterThan(100 * KIB);
        assertThat(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
                .startsWith("GODWITLG");
        assertRefused(new ApiRequest.ExportSetAside(SHOP, lost.id(), file.toString()), "there is a file");
        west.restart();
        assertThat(setAside().entries()).containsExactly(lost);
        assertThat(west.done(new ApiRequest.DropSetAside(SHOP, lost.id()))).contains("are gone");
        assertThat(setAside().entries()).isEmpty();
        assertThat(file).exists();
        assertRefused(new ApiRequest.DropSetAside(SHOP, lost.id()), "nothing was set aside as");
    }

    @Test
    void whatWasLostTwiceIsKeptTwice() throws Exception {
        lost(4);
        west.ship(owner);
        lost(8);
        west.ship(owner);
        assertThat(setAside().entries())
                .extracting(SetAsideReport.Entry::changedBytes)
                .containsExactlyInAnyOrder(ByteCount.ofKiB(4), ByteCount.ofKiB(8));
        assertThat(owner.term()).isEqualTo(new Term(5));
    }

    @Test
    void whatMakesNoSenseIsRefused() throws Exception {
        lost(4);
        west.ship(owner);
        String id = setAside().entries().getFirst().id();
        Path kept = west.group().resolve("store.aside").resolve(id);
        assertRefused(new ApiRequest.ListSetAside(new GroupName("other")), "there is no group other");
        for (String wrong :
                new String[] {"", ".", "..", "../store", "1-2", id + "/", "/etc", "\0", "ä".repeat(5_000)}) {
            assertRefused(new ApiRequest.DropSetAside(SHOP, wrong), "nothing was set aside as");
            assertRefused(
                    new ApiRequest.ExportSetAside(
                            SHOP, wrong, directory.resolve("x").toString()),
                    "nothing was set aside as");
        }
        assertRefused(new ApiRequest.ExportSetAside(SHOP, id, "lost.log"), "is not an absolute path");
        assertRefused(new ApiRequest.ExportSetAside(SHOP, id, "/tmp/\0"), "can't be the name of a file");
        assertRefused(new ApiRequest.ExportSetAside(SHOP, id, directory.toString()), "there is a file");
        assertRefused(
                new ApiRequest.ExportSetAside(
                        SHOP, id, directory.resolve("no/such/lost.log").toString()),
                "there is no directory");
        assertThat(kept).exists();
        assertThat(west.group().resolve("store/store")).exists();
    }

    @Test
    void onlyTheOwnerSaysHowDisksAreCopied() {
        io.godwit.api.SeedingWish wish =
                new io.godwit.api.SeedingWish(Optional.of(BitRate.parse("50mbit")), false, Optional.empty());
        assertRefused(new ApiRequest.SetSeeding(SHOP, wish), "group shop runs at east");
        assertRefused(new ApiRequest.SetSeeding(new GroupName("other"), wish), "there is no group other");
        assertThat(west.group().resolve("seeding.json")).doesNotExist();
    }
}
