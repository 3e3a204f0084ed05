package io.godwit.site.files;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.api.DiskDefinition;
import io.godwit.api.GroupDefinition;
import io.godwit.api.VmDefinition;
import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import io.godwit.hypervisor.Accelerator;
import io.godwit.hypervisor.MachineType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeighboursTest {
    private static final SiteName EAST = new SiteName("east");
    private static final SiteName WEST = new SiteName("west");

    @TempDir
    Path directory = Path.of("");

    private Path image(String name) throws IOException {
        return Files.write(directory.resolve(name), new byte[4096]);
    }

    private static GroupDefinition group(String name, int number, Path... images) {
        List<DiskDefinition> disks = Stream.of(images)
                .map(image -> new DiskDefinition(
                        new DiskName(image.getFileName().toString()), image.toString(), Optional.empty()))
                .toList();
        VmDefinition vm = new VmDefinition(
                new VmName("db"), ByteCount.ofMiB(64), 1, "10.90.0." + number, "52:54:00:00:00:" + number, disks);
        return new GroupDefinition(new GroupName(name), WEST, List.of(vm));
    }

    private static Neighbours of(GroupDefinition other, SiteName home) {
        GroupRecord record = new GroupRecord(
                other,
                home,
                home,
                Term.FIRST,
                MachineType.newest(Accelerator.TCG),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new Neighbours(EAST, List.of(record));
    }

    @Test
    void anImageIsOneHoweverItIsReached() throws IOException {
        Path root = image("root");
        Path linked = Files.createLink(directory.resolve("linked"), root);
        Path pointing = Files.createSymbolicLink(directory.resolve("pointing"), root);
        for (Path other : List.of(linked, pointing)) {
            assertThatThrownBy(() -> new Neighbours(EAST, List.of()).requireOwnImages(group("shop", 10, root, other)))
                    .hasMessageContaining(other + " is the image of disk root already");
        }
    }

    @Test
    void anotherGroupsImageIsNotTaken() throws IOException {
        GroupDefinition shop = group("shop", 10, image("root"));
        GroupDefinition bank = group("bank", 11, directory.resolve("root"));
        assertThatThrownBy(() -> of(shop, EAST).requireOwnImages(bank))
                .hasMessageContaining("is the image of disk root of group shop already");
        // At its home the path names another file.
        assertThatCode(() -> of(shop, WEST).requireOwnImages(bank)).doesNotThrowAnyException();
    }

    @Test
    void anotherMachinesAddressesAreNotTaken() throws IOException {
        GroupDefinition shop = group("shop", 10, image("root"));
        GroupDefinition bank = group("bank", 10, image("bank"));
        assertThatThrownBy(() -> of(shop, WEST).requireOwnAddresses(bank))
                .hasMessageContaining(
                        "the address 10.90.0.10 is that of machine db of group shop at site east already");
        assertThatCode(() -> of(shop, WEST).requireOwnAddresses(group("bank", 11, directory.resolve("bank"))))
                .doesNotThrowAnyException();
    }
}
