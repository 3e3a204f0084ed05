package io.godwit.hypervisor;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** QEMU as it is installed on this host. */
final class QemuProgram {
    static final String NAME = "qemu-system-x86_64";

    private static final String FIRMWARE = "bios-256k.bin";
    private static final List<Path> FIRMWARE_DIRECTORIES = Stream.of(
                    "/usr/share/seabios", "/usr/share/qemu", "/usr/share/qemu-kvm", "/usr/local/share/qemu")
            .map(Path::of)
            .toList();
    private static final long MAX_FIRMWARE_BYTES = 4 << 20;

    private QemuProgram() {}

    /** The program's path, or the reason why no guest can run here. */
    static Path locate() {
        return find(System.getenv().getOrDefault("PATH", "/usr/bin:/bin"))
                .orElseThrow(() -> new GodwitException(
                        ErrorCode.UNSUPPORTED,
                        "QEMU is not installed: there is no %s on the PATH; install the package qemu-system-x86"
                                .formatted(NAME)));
    }

    static Optional<Path> find(String searchPath) {
        return Arrays.stream(searchPath.split(":"))
                .map(directory -> Path.of(directory).resolve(NAME))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The firmware that a guest boots with, empty when it isn't where it usually is. */
    static byte[] firmware() {
        for (Path directory : FIRMWARE_DIRECTORIES) {
            Path file = directory.resolve(FIRMWARE);
            try {
                if (Files.isReadable(file) && Files.size(file) <= MAX_FIRMWARE_BYTES) {
                    return Files.readAllBytes(file);
                }
            } catch (IOException unreadable) {
                System.getLogger(QemuProgram.class.getName())
                        .log(System.Logger.Level.DEBUG, "cannot read " + file, unreadable);
            }
        }
        return new byte[0];
    }
}
