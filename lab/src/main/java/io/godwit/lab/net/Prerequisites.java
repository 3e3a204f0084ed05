package io.godwit.lab.net;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.lab.LabPaths;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a lab needs of the machine. All that is missing is said at once, before anything is made. */
public final class Prerequisites {
    /** Programs, and the Debian package that has each. */
    private static final Map<String, String> PROGRAMS = Map.of(
            "ip", "iproute2",
            "bridge", "iproute2",
            "tc", "iproute2",
            "bird", "bird2",
            "birdc", "bird2",
            "gobgpd", "gobgpd",
            "gobgp", "gobgpd",
            "mkfs.ext4", "e2fsprogs",
            "losetup", "mount",
            "setsid", "util-linux");

    private static final ByteCount LEAST_SPACE = ByteCount.ofMiB(1024);

    private Prerequisites() {}

    /** Throws {@code UNSUPPORTED} with one sentence for all that is missing. */
    public static void require() {
        if (!isRoot()) {
            throw missing("it must be run as root, because it makes network namespaces and TAP devices");
        }
        List<String> reasons = new ArrayList<>();
        devices(reasons);
        programs(reasons);
        space(reasons);
        if (!reasons.isEmpty()) {
            throw missing(String.join("; ", reasons));
        }
    }

    private static void devices(List<String> reasons) {
        if (!isTunDevice(Path.of("/dev/net/tun"))) {
            reasons.add("there is no TUN device at /dev/net/tun (load the tun module)");
        }
        if (!Files.isWritable(Path.of("/dev/loop-control"))) {
            reasons.add("there is no /dev/loop-control (load the loop module)");
        }
    }

    /** Character device 10:200, says the kernel's list of devices (Documentation/admin-guide/devices.txt). */
    private static boolean isTunDevice(Path path) {
        try {
            return Files.isWritable(path) && Long.valueOf(10 << 8 | 200).equals(Files.getAttribute(path, "unix:rdev"));
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static void programs(List<String> reasons) {
        List<String> absent = PROGRAMS.keySet().stream()
                .filter(program -> !isOnPath(program))
                .sorted()
                .toList();
        if (!absent.isEmpty()) {
            List<String> packages =
                    absent.stream().map(PROGRAMS::get).distinct().sorted().toList();
            reasons.add("not found: %s (apt-get install %s)"
                    .formatted(String.join(", ", absent), String.join(" ", packages)));
        }
    }

    private static void space(List<String> reasons) {
        Path directory = LabPaths.root();
        while (!Files.exists(directory) && directory.getParent() != null) {
            directory = directory.getParent();
        }
        try {
            ByteCount free = new ByteCount(Files.getFileStore(directory).getUsableSpace());
            if (free.compareTo(LEAST_SPACE) < 0) {
                reasons.add("%s has %s of free space, less than %s".formatted(directory, free, LEAST_SPACE));
            }
        } catch (IOException unreadable) {
            reasons.add("the free space at %s cannot be read".formatted(directory));
        }
    }

    private static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static boolean isOnPath(String program) {
        return Stream.of(String.valueOf(System.getenv("PATH")).split(File.pathSeparator, -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private static GodwitException missing(String reasons) {
        return new GodwitException(ErrorCode.UNSUPPORTED, "the lab cannot be brought up here: " + reasons);
    }
}
