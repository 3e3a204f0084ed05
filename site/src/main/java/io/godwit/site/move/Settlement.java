package io.godwit.site.move;

import io.godwit.api.MoveOptions;
import io.godwit.api.MoveReport;
import io.godwit.api.VmDefinition;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import io.godwit.link.Link;
import io.godwit.memory.PageDigests;
import io.godwit.memory.RamFile;
import io.godwit.migration.MoveRecord;
import io.godwit.network.Ipv4Address;
import io.godwit.site.SiteContext;
import io.godwit.site.guests.Ports;
import io.godwit.site.peer.PeerLine;
import io.godwit.site.peer.PeerReply;
import io.godwit.site.peer.PeerRequest;
import io.godwit.volume.ApplyHold;
import io.godwit.volume.DiskSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is left for the source when the target has taken the group: follow, let the routes settle (N4, N5), and compare. */
final class Settlement {
    private static final Logger LOG = System.getLogger(Settlement.class.getName());
    private static final Duration ASK_PATIENCE = Duration.ofSeconds(5);
    private static final Duration TELL_PATIENCE = Duration.ofSeconds(30);
    private static final Duration COMPARE_PATIENCE = Duration.ofMinutes(2);

    /** After so long without word from the target the route is withdrawn all the same: the target's is preferred anyway. */
    private static final Duration ANNOUNCE_PATIENCE = Duration.ofSeconds(5);

    /** Comparing takes processors and bandwidth, which the service has more use for just after it moved. */
    private static final Duration CATCHING_UP = Duration.ofSeconds(1);

    private static final Duration JUST_MOVED = Duration.ofMillis(300);

    private static final Duration ANNOUNCE_POLL = Duration.ofMillis(20);

    private final MoveSetting setting;
    private final MoveRecord move;
    private final MoveOptions options;
    private final MoveMeasures measures;
    private final Optional<MoveTunnel> tunnel;

    Settlement(
            MoveSetting setting,
            MoveRecord move,
            MoveOptions options,
            MoveMeasures measures,
            Optional<MoveTunnel> tunnel) {
        this.setting = setting;
        this.move = move;
        this.options = options;
        this.measures = measures;
        this.tunnel = tunnel;
    }

    void run(Term term, Position end) throws InterruptedException {
        long began = System.nanoTime();
        Map<VmName, RamFile> memory = keepMemory();
        giveWay();
        MoveSetting.Followed followed = setting.owner().follow(term, end, options.compare());
        measures.moment("following");
        try {
            settle(followed, memory, began);
        } finally {
            followed.held().ifPresent(ApplyHold::close);
        }
    }

    /**
     * The service needs the processors and the disks just after it moved more than this site needs them to become the follower, unless
     * flushes over there wait for one.
     */
    private void giveWay() throws InterruptedException {
        boolean awaited = setting.serving()
                .map(serving -> serving.replicator().policy().waitsForReplica())
                .orElse(true);
        if (!awaited) {
            Thread.sleep(JUST_MOVED);
        }
    }

    private void settle(MoveSetting.Followed followed, Map<VmName, RamFile> memory, long began)
            throws InterruptedException {
        awaitAnnouncement(began);
        setting.owner().whileGone(this::withdraw);
        closeTunnel(began);
        setting.owner().takenDown(move.id());
        Thread.sleep(CATCHING_UP);
        compareMemory(memory);
        compareDisks(followed.held());
    }

    private void awaitAnnouncement(long began) throws InterruptedException {
        while (System.nanoTime() - began < ANNOUNCE_PATIENCE.toNanos()) {
            if (ask(new PeerRequest.AskAnnounced(group()), ASK_PATIENCE)
                    .equals(Optional.of(new PeerReply.Announced(true)))) {
                break;
            }
            Thread.sleep(ANNOUNCE_POLL);
        }
        long millis = (System.nanoTime() - began) / 1_000_000;
        measures.network(network -> new MoveReport.Network(network.divertMillis(), millis, network.tunnelMillis()));
        measures.moment("announced at " + move.to());
    }

    private void withdraw() {
        for (Ipv4Address address : ports().addresses()) {
            setting.site().edge().speaker().withdraw(address);
        }
        measures.moment("withdrawn at " + move.from());
    }

    /** The memory as it was when the guests stopped; a mapping keeps it when QEMU has ended and removed the file. */
    private Map<VmName, RamFile> keepMemory() {
        Map<VmName, RamFile> kept = new LinkedHashMap<>();
        if (options.compare() && setting.serving().isPresent()) {
            for (VmDefinition vm : setting.record().definition().vms()) {
                try {
                    kept.put(vm.name(), RamFile.map(setting.files().ram(vm.name()), vm.memory()));
                } catch (IOException gone) {
                    LOG.log(Level.WARNING, "the memory of " + vm.name() + " cannot be compared", gone);
                }
            }
        }
        return kept;
    }

    private void compareMemory(Map<VmName, RamFile> memory) {
        if (memory.isEmpty()) {
            return;
        }
        boolean known = true;
        boolean identical = true;
        for (Map.Entry<VmName, RamFile> ours : memory.entrySet()) {
            Optional<Long> differing = compared(
                    new PeerRequest.CompareMemory(group(), move.id(), ours.getKey(), digests(ours.getValue())));
            known &= differing.isPresent();
            identical &= differing.orElse(0L) == 0;
        }
        Optional<Boolean> verdict = known ? Optional.of(identical) : Optional.empty();
        measures.server(server -> new MoveReport.Server(
                server.pauseMillis(),
                server.pause(),
                server.rounds(),
                server.memoryBytes(),
                server.wanBytes(),
                server.totalMillis(),
                verdict));
        measures.moment("memory compared");
    }

    private static String digests(RamFile memory) {
        try (memory) {
            return Base64.getEncoder().encodeToString(PageDigests.of(memory).encode());
        }
    }

    private void compareDisks(Optional<ApplyHold> held) {
        if (held.isEmpty()) {
            return;
        }
        Optional<Boolean> identical;
        try (ApplyHold hold = held.get()) {
            identical = compared(new PeerRequest.CompareDisks(group(), move.id(), digests(hold)))
                    .map(differing -> differing == 0);
        } catch (GodwitException gone) {
            LOG.log(Level.INFO, "the disks can no longer be compared: {0}", gone.sentence());
            identical = Optional.empty();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        Optional<Boolean> verdict = identical;
        measures.storage(storage -> new MoveReport.Storage(
                storage.seededBytes(),
                storage.wanBytes(),
                storage.drainMillis(),
                storage.synchronousMillis(),
                verdict));
        measures.moment("disks compared");
    }

    private List<PeerRequest.DiskDigest> digests(ApplyHold hold) throws IOException {
        List<PeerRequest.DiskDigest> digests = new ArrayList<>();
        for (DiskSpec disk : setting.files().disks(setting.record().definition(), true)) {
            digests.add(new PeerRequest.DiskDigest(disk.name(), HexFormat.of().formatHex(hold.digest(disk.name()))));
        }
        return digests;
    }

    private Optional<Long> compared(PeerRequest question) {
        return ask(question, COMPARE_PATIENCE)
                .filter(reply -> reply instanceof PeerReply.Compared(long differing) && differing >= 0)
                .map(reply -> ((PeerReply.Compared) reply).differing());
    }

    private void closeTunnel(long began) throws InterruptedException {
        if (tunnel.isPresent()) {
            tunnel.get().awaitSilence();
            long millis = (System.nanoTime() - began) / 1_000_000
                    - MoveTunnel.silence().toMillis();
            measures.network(network ->
                    new MoveReport.Network(network.divertMillis(), network.announceMillis(), Math.max(0, millis)));
            tunnel.get().remove();
        }
        setting.owner().whileGone(ports()::detach);
        tellTunnelIsClosed();
        measures.moment("tunnel torn down");
    }

    private void tellTunnelIsClosed() throws InterruptedException {
        long deadline = System.nanoTime() + TELL_PATIENCE.toNanos();
        while (ask(new PeerRequest.CloseTunnel(group(), move.id()), ASK_PATIENCE)
                        .isEmpty()
                && System.nanoTime() < deadline) {
            Thread.sleep(CATCHING_UP);
        }
    }

    /** What the target says, or nothing if it can't be asked now. */
    private Optional<PeerReply> ask(PeerRequest question, Duration atMost) {
        SiteContext site = setting.site();
        Link link = site.linkTo(move.to());
        try {
            return Optional.of(PeerLine.askOnce(link, question, atMost));
        } catch (GodwitException away) {
            LOG.log(Level.INFO, "{0} could not be asked: {1}", move.to(), away.sentence());
            return Optional.empty();
        }
    }

    private GroupName group() {
        return setting.record().name();
    }

    private Ports ports() {
        return new Ports(setting.site().edge(), setting.record().definition());
    }
}
