package io.godwit.site.group;

import io.godwit.api.DiskDefinition;
import io.godwit.api.GroupDefinition;
import io.godwit.api.VmDefinition;
import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.hypervisor.Accelerator;
import io.godwit.hypervisor.MachineType;
import io.godwit.network.Ipv4Address;
import io.godwit.site.SiteContext;
import io.godwit.site.peer.PeerLine;
import io.godwit.site.peer.PeerRequest;
import io.godwit.volume.BaseImages;
import io.godwit.volume.BaseLocation;
import io.godwit.volume.GroupStore;
import io.godwit.volume.Role;
import io.godwit.volume.StoreLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Puts groups under protection: checks everything first, tells the peer, and only then changes something here. */
public final class GroupFounder {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long BLOCK_BYTES = 4096;

    private final SiteContext site;

    public GroupFounder(SiteContext site) {
        this.site = site;
    }

    /** Founds a group that this site owns. */
    public void found(GroupDefinition wished) throws IOException {
        GroupDefinition definition = sized(wished);
        requireMemory(definition);
        site.identity().peers().require(definition.peer());
        definition.vms().forEach(this::requireServiceAddress);
        MachineType machine = MachineType.newest(site.accelerator());
        PeerLine.askOnce(
                site.linkTo(definition.peer()), new PeerRequest.DefineGroup(definition, Term.FIRST, machine), PATIENCE);
        GroupFiles files = new GroupFiles(site.config(), definition.name());
        files.makeDirectories();
        GroupStore.create(
                        files.store(),
                        files.disks(definition, true),
                        Role.PRIMARY,
                        Term.FIRST,
                        Position.START,
                        StoreLimits.DEFAULT)
                .close();
        files.save(new GroupRecord(
                definition,
                site.name(),
                site.name(),
                Term.FIRST,
                machine,
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    /** Notes a group that a peer owns and wants to be replicated here. */
    public void follow(PeerRequest.DefineGroup request, SiteName owner) {
        GroupDefinition definition = request.definition();
        if (!definition.peer().equals(site.name())) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "group %s is not to be replicated to %s".formatted(definition.name(), site.name()));
        }
        if (request.machine().accelerator() == Accelerator.KVM && site.accelerator() != Accelerator.KVM) {
            throw new GodwitException(
                    ErrorCode.UNSUPPORTED,
                    "the machines of group %s run under KVM, which site %s does not have"
                            .formatted(definition.name(), site.name()));
        }
        definition.vms().forEach(this::requireServiceAddress);
        requireMemory(definition);
        GroupFiles files = new GroupFiles(site.config(), definition.name());
        files.makeDirectories();
        files.save(new GroupRecord(
                definition,
                owner,
                owner,
                request.term(),
                request.machine(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    private void requireServiceAddress(VmDefinition vm) {
        site.config().serviceNet().requireMember(Ipv4Address.parse(vm.address()));
    }

    private static GroupDefinition sized(GroupDefinition wished) {
        return new GroupDefinition(
                wished.name(),
                wished.peer(),
                wished.vms().stream()
                        .map(vm -> new VmDefinition(
                                vm.name(),
                                vm.memory(),
                                vm.vcpus(),
                                vm.address(),
                                vm.mac(),
                                vm.disks().stream().map(GroupFounder::sized).toList(),
                                vm.hooks()))
                        .toList(),
                wished.history(),
                wished.whenAlone());
    }

    private static DiskDefinition sized(DiskDefinition disk) {
        return disk.image().map(image -> sized(disk, image)).orElse(disk);
    }

    private static DiskDefinition sized(DiskDefinition disk, String image) {
        ByteCount size = sizeOf(disk, image);
        if (size.bytes() == 0 || size.bytes() % BLOCK_BYTES != 0) {
            throw refusal(disk, "%s has %d bytes, which is not a multiple of 4096".formatted(image, size.bytes()));
        }
        if (disk.size().isPresent() && !disk.size().get().equals(size)) {
            throw refusal(
                    disk, "%s has %s, not %s".formatted(image, size, disk.size().get()));
        }
        return disk.withSize(size);
    }

    private static ByteCount sizeOf(DiskDefinition disk, String image) {
        try {
            return BaseImages.size(BaseLocation.parse(image));
        } catch (GodwitException unsuitable) {
            throw refusal(disk, unsuitable.sentence());
        } catch (IOException unreadable) {
            throw refusal(disk, "%s cannot be read: %s".formatted(image, String.valueOf(unreadable.getMessage())));
        }
    }

    private static GodwitException refusal(DiskDefinition disk, String sentence) {
        return new GodwitException(ErrorCode.BAD_INPUT, "disk %s: %s".formatted(disk.name(), sentence));
    }

    private void requireMemory(GroupDefinition definition) {
        long needed =
                definition.vms().stream().mapToLong(vm -> vm.memory().bytes()).sum();
        Path directory = Path.of(site.config().ramDir());
        try {
            Files.createDirectories(directory);
            ByteCount free = new ByteCount(Files.getFileStore(directory).getUsableSpace());
            if (free.bytes() < needed) {
                throw new GodwitException(
                        ErrorCode.CONFLICT,
                        "group %s needs %s of memory, but site %s has only %s left in %s"
                                .formatted(definition.name(), new ByteCount(needed), site.name(), free, directory));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
