package io.godwit.lab.net;

import io.godwit.core.Command;
import io.godwit.core.DurableFile;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import io.godwit.lab.LabName;
import io.godwit.lab.LabPaths;
import io.godwit.lab.Place;
import io.godwit.lab.keeper.ProcessIdentity;
import io.godwit.lab.wire.Namespace;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Removes a lab in whatever state it is: its keeper may be dead, it may be half made or half removed. Names alone say
 * what belongs to it; a process is ended only if it runs inside the lab's namespaces or is on record with the moment
 * it started. A step that fails doesn't keep the next ones from being tried.
 */
public final class LabRemoval {
    private static final Duration KEEPER_PATIENCE = Duration.ofSeconds(10);
    private static final Duration PROCESS_PATIENCE = Duration.ofSeconds(2);
    private static final int KILL_ROUNDS = 20;

    private final LabName lab;
    private final LabPaths paths;
    private final List<String> problems = new ArrayList<>();

    private LabRemoval(LabName lab) {
        this.lab = lab;
        this.paths = LabPaths.of(lab);
    }

    public static LabRemoval of(LabName lab) {
        return new LabRemoval(lab);
    }

    /** Whether anything of a lab of this name is on this machine. */
    public static boolean isAnythingLeftOf(LabName lab) {
        LabPaths paths = LabPaths.of(lab);
        return Files.exists(paths.state())
                || Files.exists(paths.run())
                || Arrays.stream(Place.values())
                        .anyMatch(place -> place.namespace(lab).exists());
    }

    /** Throws {@code NOT_FOUND} if nothing of a lab of this name is on this machine. */
    public static void requireAny(LabName lab) {
        if (!isAnythingLeftOf(lab)) {
            throw new GodwitException(ErrorCode.NOT_FOUND, "there is no lab '%s' on this machine".formatted(lab));
        }
    }

    /** Removes all; throws one {@code FAILED} that lists what could not be removed. */
    public void run() {
        step("end the keeper", this::endKeeper);
        step("end recorded processes", this::endRecordedProcesses);
        for (Place place : Place.values()) {
            step("end the processes at " + place, () -> killInside(place.namespace(lab)));
        }
        step("unmount the sites' disks", this::unmount);
        for (Place place : Place.values()) {
            step("remove the namespace of " + place, () -> removeNamespace(place.namespace(lab)));
        }
        for (Place site : List.of(Place.EAST, Place.WEST)) {
            step("remove " + paths.siteRam(site), () -> removeTree(paths.siteRam(site)));
        }
        step("remove " + paths.run(), () -> removeTree(paths.run()));
        step("remove " + paths.state(), () -> removeTree(paths.state()));
        step("remove empty directories", this::removeEmptyParents);
        if (!problems.isEmpty()) {
            throw new GodwitException(
                    ErrorCode.FAILED,
                    "the lab '%s' is not wholly removed: %s".formatted(lab, String.join("; ", problems)));
        }
    }

    private interface Step {
        void take() throws IOException, InterruptedException;
    }

    private void step(String doing, Step step) {
        try {
            step.take();
        } catch (IOException | GodwitException failed) {
            problems.add("cannot %s: %s".formatted(doing, failed.getMessage()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            problems.add("interrupted while trying to " + doing);
        }
    }

    private void endKeeper() throws IOException, InterruptedException {
        var record = new DurableFile(paths.keeper()).read();
        if (record.isPresent()) {
            Json.read(record.get(), ProcessIdentity.class, paths.keeper().toString())
                    .end(KEEPER_PATIENCE);
        }
    }

    private void endRecordedProcesses() throws IOException, InterruptedException {
        var record = new DurableFile(paths.processes()).read();
        if (record.isPresent()) {
            for (ProcessIdentity process : Json.read(
                    record.get(), ProcessIdentity[].class, paths.processes().toString())) {
                process.end(PROCESS_PATIENCE);
            }
        }
    }

    private static void killInside(Namespace namespace) throws InterruptedException {
        for (int round = 0; round < KILL_ROUNDS && namespace.exists(); round++) {
            List<Long> inside = namespace.processes();
            if (inside.isEmpty()) {
                return;
            }
            for (long pid : inside) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
            Thread.sleep(10L * (round + 1));
        }
        if (namespace.exists()) {
            throw new GodwitException(ErrorCode.FAILED, "processes %s do not die".formatted(namespace.processes()));
        }
    }

    private void unmount() throws IOException {
        for (Path mountPoint : mountPoints()) {
            if (!Command.of("umount", mountPoint.toString()).attempt().succeeded()) {
                // Someone from outside the lab stands in there; the name goes now, the rest when they leave.
                Command.of("umount", "--lazy", mountPoint.toString()).run();
            }
        }
        for (Place site : List.of(Place.EAST, Place.WEST)) {
            detach(paths.diskImage(site));
        }
    }

    private List<Path> mountPoints() throws IOException {
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"))) {
            return mounts.map(line -> Path.of(line.split(" ", -1)[1]))
                    .filter(mountPoint -> mountPoint.startsWith(paths.state()))
                    .toList()
                    .reversed();
        }
    }

    private static void detach(Path image) {
        if (Files.exists(image)) {
            Command.of("losetup", "--associated", image.toString(), "--output", "NAME", "--noheadings")
                    .run()
                    .lines()
                    .map(String::strip)
                    .filter(device -> !device.isEmpty())
                    .forEach(device -> Command.of("losetup", "--detach", device).attempt());
        }
    }

    private static void removeNamespace(Namespace namespace) {
        if (namespace.exists()) {
            namespace.delete();
        }
    }

    /** The directories of all labs go with the last one, unless the user chose them. */
    private void removeEmptyParents() throws IOException {
        for (Path directory : LabPaths.ownRoots()) {
            try {
                Files.deleteIfExists(directory);
            } catch (DirectoryNotEmptyException used) {
                // Another lab is there.
            }
        }
    }

    private static void removeTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> tree = Files.walk(root)) {
            deepestFirst = tree.toList().reversed();
        }
        for (Path path : deepestFirst) {
            Files.deleteIfExists(path);
        }
    }
}
