package io.godwit.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.api.ApiRequest;
import io.godwit.api.DiskClass;
import io.godwit.api.DiskDefinition;
import io.godwit.api.EssentialState;
import io.godwit.api.GroupDefinition;
import io.godwit.api.VmDefinition;
import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.GodwitException;
import io.godwit.core.VmName;
import io.godwit.site.peer.PeerReply;
import io.godwit.site.peer.PeerRequest;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A group that can't be created leaves nothing, at neither site, and its name is free. */
@Timeout(120)
class GroupCreationTest {
    @TempDir
    Path directory = Path.of("");

    private FollowingSite west;
    private FollowingSite.Work whenEastIsAsked = () -> {};
    private final Queue<PeerRequest> asked = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void begin() throws Exception {
        west = new FollowingSite(directory);
        west.pair();
    }

    @AfterEach
    void end() throws Exception {
        west.close();
    }

    private DiskDefinition disk(String name) throws Exception {
        Path image = directory.resolve(name + ".img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(1 << 20);
        }
        return new DiskDefinition(new DiskName(name), image.toString(), Optional.empty());
    }

    private static DiskDefinition scratch(ByteCount size) {
        return new DiskDefinition(
                new DiskName("swap"), Optional.empty(), Optional.of(size), Optional.of(DiskClass.SCRATCH));
    }

    private static GroupDefinition group(DiskDefinition... disks) {
        return new GroupDefinition(
                FollowingSite.SHOP,
                FollowingSite.EAST,
                List.of(new VmDefinition(
                        new VmName("db"), ByteCount.ofMiB(64), 1, "10.90.0.10", "52:54:00:00:00:0a", List.of(disks))));
    }

    private static GroupDefinition withState(GroupDefinition plain) {
        VmDefinition db = plain.vms().getFirst();
        EssentialState state = new EssentialState(
                List.of("/bin/dump"), List.of("/bin/load"), Optional.empty(), Optional.empty(), Optional.empty());
        return plain.withMachines(List.of(new VmDefinition(
                db.name(),
                db.memory(),
                db.vcpus(),
                db.address(),
                db.mac(),
                db.disks(),
                db.hooks(),
                db.after(),
                db.readyPort(),
                Optional.of(state),
                Optional.empty())));
    }

    private PeerReply note(PeerRequest request) {
        asked.add(request);
        try {
            whenEastIsAsked.run();
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
        return new PeerReply.Done();
    }

    private void assertRefused(GroupDefinition definition, String sentence) throws Exception {
        west.whileEastAnswers(
                this::note,
                () -> assertThatThrownBy(() -> west.done(new ApiRequest.CreateGroup(definition)))
                        .isInstanceOfSatisfying(
                                GodwitException.class,
                                refusal -> assertThat(refusal.sentence()).contains(sentence)));
        assertThat(west.group()).doesNotExist();
    }

    @Test
    void twoDisksCannotHaveOneImageHoweverItIsNamed() throws Exception {
        DiskDefinition root = disk("root");
        Path other = Files.createSymbolicLink(
                directory.resolve("link.img"), Path.of(root.image().orElseThrow()));
        DiskDefinition data = new DiskDefinition(new DiskName("data"), other.toString(), Optional.empty());
        assertRefused(group(root, data), "disk data: " + other + " is the image of disk root already");
        assertThat(asked).isEmpty();
    }

    @Test
    void aScratchDiskThatNoFileCanHoldIsRefused() throws Exception {
        assertRefused(group(disk("root"), scratch(ByteCount.parse("7000TiB"))), "scratch disk swap of");
        assertThat(asked).isEmpty();
    }

    @Test
    void whatCannotBeFoundedHereIsTakenBackAtTheOtherSite() throws Exception {
        DiskDefinition root = disk("root");
        Path image = Path.of(root.image().orElseThrow());
        whenEastIsAsked = () -> {
            Files.deleteIfExists(image);
            Files.createDirectories(image);
        };
        assertRefused(withState(group(root)), "group shop was not created");
        assertThat(asked)
                .last()
                .isEqualTo(new PeerRequest.ForgetGroup(FollowingSite.SHOP, io.godwit.core.Term.FIRST, true));
    }

    @Test
    void aStoreThatIsThereAlreadyIsNeverTouched() throws Exception {
        Path store = Files.createDirectories(west.group().resolve("store"));
        Path precious = Files.writeString(store.resolve("precious"), "log");
        west.whileEastAnswers(
                this::note,
                () -> assertThatThrownBy(() -> west.done(new ApiRequest.CreateGroup(group(disk("root")))))
                        .isInstanceOf(GodwitException.class)
                        .hasMessageContaining("holds a store"));
        assertThat(precious).hasContent("log");
        assertThat(asked).isEmpty();
    }

    @Test
    void aCopyThatWasThereBeforeSurvivesAFoundingThatFails() throws Exception {
        Path golden = west.group().resolve("root.raw");
        Files.createDirectories(west.group());
        Files.write(golden, new byte[4096]);
        west.define();
        west.forgetFounding();
        assertThat(golden).exists();
        assertThat(west.group().resolve("group.json")).doesNotExist();
        west.define();
        assertThat(west.status().group()).isEqualTo(FollowingSite.SHOP);
    }
}
