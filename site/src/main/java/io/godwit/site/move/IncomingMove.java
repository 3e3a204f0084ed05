package io.godwit.site.move;

import io.godwit.api.VmDefinition;
import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.VmName;
import io.godwit.link.PeerChannel;
import io.godwit.memory.MemoryLimits;
import io.godwit.memory.MemoryReceiver;
import io.godwit.memory.PageDigests;
import io.godwit.memory.RamFile;
import io.godwit.memory.ReceivedMemory;
import io.godwit.migration.MoveId;
import io.godwit.network.Placement;
import io.godwit.replication.Replica;
import io.godwit.site.SiteContext;
import io.godwit.site.disks.DiskFront;
import io.godwit.site.disks.ScratchDisks;
import io.godwit.site.files.GroupFiles;
import io.godwit.site.files.GroupRecord;
import io.godwit.site.guests.Guests;
import io.godwit.site.guests.Ports;
import io.godwit.site.peer.PeerReply;
import io.godwit.site.peer.PeerRequest;
import io.godwit.site.tenure.DiskLease;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A move towards this site, from the first signal to the decision: machines that wait for memory, and this end of the tunnel. */
public final class IncomingMove {
    private static final Logger LOG = System.getLogger(IncomingMove.class.getName());

    /** With less room than this the site would soon have to stop the group's writers, so it doesn't take the group. */
    private static final ByteCount ROOM_NEEDED = ByteCount.ofMiB(192);

    private static final Duration PORT_PATIENCE = Duration.ofSeconds(5);
    private static final Duration PORT_POLL = Duration.ofMillis(10);
    private static final Duration LOAD_PATIENCE = Duration.ofSeconds(8);

    private final SiteContext site;
    private final GroupFiles files;
    private final GroupRecord record;
    private final MoveId id;
    private final boolean compare;
    private final DiskFront front;
    private final Guests guests;
    private final Ports ports;
    private final Map<VmName, Optional<PageDigests>> loaded = new HashMap<>();
    private final Map<VmName, PageDigests> digested = new ConcurrentHashMap<>();
    private @Nullable MoveTunnel tunnel;
    private String failure = "";

    public IncomingMove(
            SiteContext site,
            GroupFiles files,
            GroupRecord record,
            MoveId id,
            boolean compare,
            GroupStore store,
            DiskLease lease)
            throws IOException {
        this.site = site;
        this.files = files;
        this.record = record;
        this.id = id;
        this.compare = compare;
        ScratchDisks.discard(files, record.definition());
        this.front = DiskFront.expecting(site, files, record.definition(), store, lease);
        this.guests = new Guests(files, record);
        this.ports = new Ports(site.edge(), record.definition());
    }

    public MoveId id() {
        return id;
    }

    public DiskFront front() {
        return front;
    }

    public Guests guests() {
        return guests;
    }

    public Ports ports() {
        return ports;
    }

    /** Starts a machine for each of the group's, stopped, with an empty memory. */
    public void prepareServer() throws IOException, InterruptedException {
        requireRoom();
        guests.killLeftovers();
        ports.attach(Placement.ELSEWHERE);
        guests.whenOneDies(vm -> fail("machine %s ended before it was handed over".formatted(vm)));
        guests.startIncoming();
        awaitLivePorts();
    }

    /** Packets that are diverted here must find their machine's queue open. */
    private void awaitLivePorts() throws InterruptedException {
        long deadline = System.nanoTime() + PORT_PATIENCE.toNanos();
        while (!ports.all().stream().allMatch(site.edge()::isLive)) {
            if (System.nanoTime() > deadline) {
                throw new GodwitException(ErrorCode.FAILED, "the machines' network cards do not come up");
            }
            Thread.sleep(PORT_POLL);
        }
        site.edge().prime();
    }

    public PeerReply prepareNetwork(PeerRequest.PrepareNetwork request) {
        MoveTunnel built = MoveTunnel.atTarget(site, request);
        built.prepare();
        synchronized (this) {
            tunnel = built;
        }
        return new PeerReply.NetworkReady(site.config().underlay());
    }

    /** Receives one machine's memory and device state; returns when they are loaded. */
    public void receive(VmName name, PeerChannel channel) throws IOException, InterruptedException {
        VmDefinition vm = record.definition().vms().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new GodwitException(
                        ErrorCode.NOT_FOUND, "group %s has no machine %s".formatted(record.name(), name)));
        try (RamFile ram = RamFile.map(files.ram(name), vm.memory());
                MemoryReceiver receiver = new MemoryReceiver(ram, channel, MemoryLimits.standard())) {
            ReceivedMemory received = receiver.run();
            guests.machine(name).loadDeviceState(received.deviceState());
            arrived(name, digests(name, ram, received));
        } catch (IOException | GodwitException broken) {
            fail("the memory of %s did not arrive: %s".formatted(name, broken.getMessage()));
            throw broken;
        }
    }

    /**
     * Digests the memory as it is while the guest still runs at the source, if it is to be compared: in the pause only the pages of
     * the last round are left. Done once; it takes as long as reading the memory.
     */
    public void digestMemory() throws IOException {
        if (!compare || !digested.isEmpty()) {
            return;
        }
        for (VmDefinition vm : record.definition().vms()) {
            try (RamFile ram = RamFile.map(files.ram(vm.name()), vm.memory())) {
                digested.put(vm.name(), PageDigests.of(ram));
            }
        }
    }

    private Optional<PageDigests> digests(VmName name, RamFile ram, ReceivedMemory received) {
        return Optional.ofNullable(digested.get(name)).map(before -> before.with(ram, received.lastRound()));
    }

    private synchronized void arrived(VmName name, Optional<PageDigests> digests) {
        loaded.put(name, digests);
        notifyAll();
    }

    private synchronized void fail(String sentence) {
        if (failure.isEmpty()) {
            LOG.log(Level.WARNING, "move of {0} towards this site: {1}", record.name(), sentence);
            failure = sentence;
        }
        notifyAll();
    }

    /** What stands against going on with the move, whose memory may still be on its way; empty if nothing does. */
    public synchronized String obstacle() {
        return failure.isEmpty() ? roomObstacle() : failure;
    }

    /** What stands against running the group here from {@code end} on; empty if nothing does. */
    public synchronized String obstacle(Position end, Replica replica) throws InterruptedException {
        long deadline = System.nanoTime() + LOAD_PATIENCE.toNanos();
        while (failure.isEmpty() && loaded.size() < record.definition().vms().size()) {
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0) {
                return "the memory did not arrive in time";
            }
            wait(left);
        }
        String obstacle = obstacle();
        if (!obstacle.isEmpty()) {
            return obstacle;
        }
        if (!replica.status().upToDate() || !replica.store().equals(Optional.of(front.store()))) {
            return "the replica is not complete";
        }
        Position durable = front.store().durable();
        if (!durable.equals(end) || !front.store().head().equals(end)) {
            return "the replica ends at %s, not at %s".formatted(durable, end);
        }
        return "";
    }

    /** How many pages of a machine differed from the source's when it was loaded, or -1 if nobody knows. */
    public synchronized long differingPages(VmName vm, PageDigests theirs) {
        return loaded.getOrDefault(vm, Optional.empty())
                .map(ours -> (long) ours.differingFrom(theirs).length)
                .orElse(-1L);
    }

    public synchronized void closeTunnel() {
        if (tunnel != null) {
            tunnel.remove();
            tunnel = null;
        }
    }

    /** Gives everything back: the move is not going to happen. */
    public void abandon() {
        try {
            guests.kill();
            front.close();
            ScratchDisks.discard(files, record.definition());
        } catch (IOException failed) {
            LOG.log(Level.WARNING, "what the move left is not all gone", failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        closeTunnel();
        ports.detach();
    }

    private void requireRoom() {
        String obstacle = roomObstacle();
        if (!obstacle.isEmpty()) {
            throw new GodwitException(ErrorCode.NO_SPACE, obstacle);
        }
    }

    private String roomObstacle() {
        try {
            FileStore disk = Files.getFileStore(files.directory());
            ByteCount free = new ByteCount(disk.getUsableSpace());
            return free.compareTo(ROOM_NEEDED) < 0
                    ? "site %s has only %s left on its disk and needs %s".formatted(site.name(), free, ROOM_NEEDED)
                    : "";
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
