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
import io.godwit.network.MacAddress;
import io.godwit.site.SiteContext;
import io.godwit.site.disks.ScratchDisks;
import io.godwit.site.files.GroupFiles;
import io.godwit.site.files.GroupRecord;
import io.godwit.site.files.Neighbours;
import io.godwit.site.files.RemovedGroups;
import io.godwit.site.peer.PeerLine;
import io.godwit.site.peer.PeerRequest;
import io.godwit.site.tenure.Tenures;
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
import java.util.Collection;
import java.util.Optional;

/** Puts groups under protection: checks everything first, tells the peer, and only then changes something here. */
public final class GroupFounder {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long BLOCK_BYTES = 4096;

    private final SiteContext site;
    private final Optional<Tenures> tenures;

    public GroupFounder(SiteContext site, Optional<Tenures> tenures) {
        this.site = site;
        this.tenures = tenures;
    }

    /**
     * Founds a group that this site owns, at both sites or at neither.
     *
     * @param others what the site has of other groups
     */
    public GroupAgent found(GroupDefinition wished, Collection<GroupRecord> others)
            throws IOException, InterruptedException {
        GroupDefinition definition = sized(wished);
        Neighbours neighbours = new Neighbours(site.name(), others);
        neighbours.requireOwnImages(definition);
        neighbours.requireOwnAddresses(definition);
        requireMemory(definition);
        SiteName peer = site.identity().peers().require(definition.peer()).name();
        definition.vms().forEach(this::requireServiceAddress);
        MachineType machine = MachineType.newest(site.accelerator());
        GroupFiles files = new GroupFiles(site.config(), definition.name());
        requireNoStore(files);
        Term first = tenures.map(voters -> voters.firstTerm(definition.name())).orElse(Term.FIRST);
        try {
            prepare(files, definition);
            ask(peer, new PeerRequest.DefineGroup(definition, first, machine));
            try {
                return make(files, definition, first, machine);
            } catch (IOException | RuntimeException failed) {
                throw withdrawn(definition, first, failed);
            }
        } catch (IOException | RuntimeException failed) {
            files.dropStateDisks(definition);
            RemovedGroups.undo(files);
            throw failed;
        }
    }

    private GroupAgent make(GroupFiles files, GroupDefinition definition, Term first, MachineType machine)
            throws IOException, InterruptedException {
        files.dropStateDisks(definition);
        GroupStore.create(
                        files.store(),
                        files.disks(definition, true),
                        Role.PRIMARY,
                        first,
                        Position.START,
                        StoreLimits.DEFAULT)
                .close();
        files.save(founded(definition, site.name(), first, machine));
        return GroupAgent.found(site, tenures, definition.name());
    }

    /** The peer is told that nothing came of it; returns what whoever asked is told. */
    private GodwitException withdrawn(GroupDefinition definition, Term first, Exception failed) {
        String reason =
                failed instanceof GodwitException known ? known.sentence() : String.valueOf(failed.getMessage());
        ErrorCode code = failed instanceof GodwitException known ? known.code() : ErrorCode.FAILED;
        String sentence = "group %s was not created: %s".formatted(definition.name(), reason);
        try {
            ask(definition.peer(), new PeerRequest.ForgetGroup(definition.name(), first, true));
            return new GodwitException(code, sentence, failed);
        } catch (GodwitException unreachable) {
            return new GodwitException(
                    code,
                    "%s (site %s could not be told, and still knows it: 'godwit group remove %s' there)"
                            .formatted(sentence, definition.peer(), definition.name()),
                    failed);
        }
    }

    private void ask(SiteName peer, PeerRequest request) {
        PeerLine.askOnce(site.linkTo(peer), request, PATIENCE);
    }

    /** What is left of a group of that name may be wanted: it is never written over. */
    private static void requireNoStore(GroupFiles files) {
        if (Files.exists(files.store())) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "%s holds a store of a group %s that this site doesn't know: move it away first"
                            .formatted(files.store(), files.group()));
        }
    }

    private static void prepare(GroupFiles files, GroupDefinition definition) throws IOException {
        files.makeDirectories();
        ScratchDisks.requirePossible(files, definition);
    }

    private static GroupRecord founded(GroupDefinition definition, SiteName owner, Term term, MachineType machine) {
        return new GroupRecord(
                definition, owner, owner, term, machine, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Follows a group that a peer owns and wants to be replicated here.
     *
     * @param others what the site has of other groups
     */
    public GroupAgent follow(PeerRequest.DefineGroup request, SiteName owner, Collection<GroupRecord> others)
            throws IOException, InterruptedException {
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
        new Neighbours(site.name(), others).requireOwnAddresses(definition);
        requireMemory(definition);
        GroupFiles files = new GroupFiles(site.config(), definition.name());
        requireNoStore(files);
        try {
            prepare(files, definition);
            files.save(founded(definition, owner, request.term(), request.machine()));
            return GroupAgent.found(site, tenures, definition.name());
        } catch (IOException | RuntimeException failed) {
            RemovedGroups.undo(files);
            throw failed;
        }
    }

    private void requireServiceAddress(VmDefinition vm) {
        site.config().serviceNet().requireMember(Ipv4Address.parse(vm.address()));
        site.config().serviceNet().requireOther(new MacAddress(vm.mac()));
    }

    private static GroupDefinition sized(GroupDefinition wished) {
        return wished.withMachines(wished.vms().stream()
                .map(vm -> vm.withDisks(
                        vm.disks().stream().map(GroupFounder::sized).toList()))
                .toList());
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
