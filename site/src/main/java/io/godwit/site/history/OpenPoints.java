package io.godwit.site.history;

import io.godwit.api.PointsReport;
import io.godwit.api.PointsReport.Export;
import io.godwit.api.PointsReport.OpenPoint;
import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.volume.BlockDevice;
import io.godwit.volume.CopyOnWriteDisk;
import io.godwit.volume.DurabilityRule;
import io.godwit.volume.GroupStore;
import io.godwit.volume.PointDisk;
import io.godwit.volume.PointView;
import io.godwit.volume.ScratchSpace;
import io.godwit.volume.nbd.NbdExport;
import io.godwit.volume.nbd.NbdServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The points of a group that are open at this site, each with an export for every disk that was asked for, on one socket.
 * A point whose history had to make way stays in the list, with the reason, until it is closed. They end with the daemon.
 */
public final class OpenPoints implements AutoCloseable {
    private static final ByteCount MOST_WRITTEN = ByteCount.ofMiB(16 << 10);
    private static final ByteCount LEFT_FREE = ByteCount.ofMiB(1 << 10);

    private record Opened(
            PointsReport.Point point,
            PointView view,
            Map<String, PointDisk> exports,
            List<CopyOnWriteDisk> written,
            ScratchSpace space,
            boolean test) {}

    private final GroupName group;
    private final Path socket;
    private final Path scratch;
    private final Map<String, Opened> opened = new LinkedHashMap<>();
    private @Nullable NbdServer server;
    private int count;

    /**
     * @param socket where they are offered while there are any
     * @param scratch a directory of its own, for what is written over points
     */
    public OpenPoints(GroupName group, Path socket, Path scratch) {
        this.group = group;
        this.socket = socket;
        this.scratch = scratch;
    }

    /**
     * Opens a point; copies nothing.
     *
     * @param disks which are offered; all if there are none
     */
    public OpenPoint open(GroupStore store, PointsReport.Point point, boolean writable, List<DiskName> disks)
            throws IOException, InterruptedException {
        return open(store, point, writable, disks, false);
    }

    /** Opens all disks at a point for the machines of a failover test, to be written over. */
    public OpenPoint openForTest(GroupStore store, PointsReport.Point point) throws IOException, InterruptedException {
        return open(store, point, true, List.of(), true);
    }

    private synchronized OpenPoint open(
            GroupStore store, PointsReport.Point point, boolean writable, List<DiskName> disks, boolean test)
            throws IOException, InterruptedException {
        disks.forEach(store::disk);
        String id = "p" + (count + 1);
        Opened fresh = view(store, point, disks, id, test);
        try {
            offer(fresh, writable);
        } catch (IOException | RuntimeException failed) {
            end(fresh);
            throw failed;
        }
        count++;
        opened.put(id, fresh);
        return describe(id, fresh);
    }

    private Opened view(GroupStore store, PointsReport.Point point, List<DiskName> disks, String id, boolean test)
            throws IOException {
        Files.createDirectories(scratch);
        PointView view = store.history().open(point.position());
        Map<String, PointDisk> exports = new LinkedHashMap<>();
        view.disks().stream()
                .filter(disk -> disks.isEmpty() || disks.contains(disk.name()))
                .forEach(disk -> exports.put("%s.%s".formatted(id, disk.name()), disk));
        ScratchSpace space = new ScratchSpace(scratch, MOST_WRITTEN, LEFT_FREE);
        return new Opened(point, view, exports, new ArrayList<>(), space, test);
    }

    private void offer(Opened fresh, boolean writable) throws IOException {
        NbdServer offering = server;
        if (offering == null) {
            offering = new NbdServer(socket, List.of());
            server = offering;
        }
        for (Map.Entry<String, PointDisk> export : fresh.exports().entrySet()) {
            BlockDevice device = writable ? layer(fresh, export.getValue()) : export.getValue();
            offering.add(new NbdExport(export.getKey(), device, DurabilityRule.none(), !writable));
        }
    }

    private static CopyOnWriteDisk layer(Opened fresh, PointDisk disk) throws IOException {
        CopyOnWriteDisk layer = CopyOnWriteDisk.over(disk, fresh.space());
        fresh.written().add(layer);
        return layer;
    }

    /**
     * A disk as it was at an open point.
     *
     * @throws GodwitException NOT_FOUND if there is no such point, or no such disk
     */
    public synchronized BlockDevice disk(String id, DiskName name) {
        return require(id).view().disks().stream()
                .filter(disk -> disk.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new GodwitException(
                        ErrorCode.NOT_FOUND, "point %s of group %s has no disk %s".formatted(id, group, name)));
    }

    /**
     * Ends a point and the connections of those who use it; what was written over it is gone.
     *
     * @throws GodwitException NOT_FOUND if there is no such point, CONFLICT if the machines of a test run on it
     */
    public synchronized void close(String id) throws IOException, InterruptedException {
        if (require(id).test()) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "the machines of a failover test run on point %s of group %s: 'godwit failover %s --end-test' ends it"
                            .formatted(id, group, group));
        }
        drop(id);
    }

    /** Ends a point also if the machines of a test have run on it. */
    public synchronized void drop(String id) throws IOException, InterruptedException {
        Opened known = require(id);
        opened.remove(id);
        end(known);
    }

    private Opened require(String id) {
        Opened known = opened.get(id);
        if (known == null) {
            throw new GodwitException(
                    ErrorCode.NOT_FOUND, "group %s has no open point '%s' at this site".formatted(group, id));
        }
        return known;
    }

    private void end(Opened point) throws IOException, InterruptedException {
        NbdServer offering = server;
        if (offering != null) {
            for (String export : point.exports().keySet()) {
                offering.remove(export);
            }
        }
        point.written().forEach(CopyOnWriteDisk::close);
        point.view().close();
        if (offering != null && opened.isEmpty()) {
            offering.close();
            server = null;
        }
    }

    public synchronized List<OpenPoint> list() {
        return opened.entrySet().stream()
                .map(entry -> describe(entry.getKey(), entry.getValue()))
                .toList();
    }

    private OpenPoint describe(String id, Opened point) {
        return new OpenPoint(
                id,
                point.point(),
                !point.written().isEmpty(),
                point.test(),
                point.space().taken(),
                point.exports().entrySet().stream()
                        .map(export -> export(export.getKey(), export.getValue().name()))
                        .toList(),
                point.view().ended());
    }

    private Export export(String name, DiskName disk) {
        return new Export(disk, socket.toString(), name, "nbd+unix:///%s?socket=%s".formatted(name, socket));
    }

    /** Ends all of them. */
    @Override
    public synchronized void close() throws IOException {
        try {
            for (String id : List.copyOf(opened.keySet())) {
                drop(id);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
