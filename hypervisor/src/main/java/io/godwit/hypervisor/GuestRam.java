package io.godwit.hypervisor;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.posix.ErrnoException;
import io.godwit.core.posix.PosixFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file that is a guest's RAM. All of it is reserved before QEMU starts: a file system that fills up later would
 * kill QEMU, and whoever else has mapped the file, at a memory access.
 */
final class GuestRam {
    private GuestRam() {}

    static void reserve(VmSpec spec) throws IOException {
        Path path = spec.ramFile();
        Files.deleteIfExists(path);
        try (PosixFile file = PosixFile.open(path, PosixFile.Access.CREATE)) {
            file.allocate(0, spec.memory().bytes());
        } catch (IOException failure) {
            Files.deleteIfExists(path);
            throw explained(spec, failure);
        }
    }

    private static GodwitException explained(VmSpec spec, IOException failure) {
        if (failure instanceof ErrnoException call && call.noSpace()) {
            return new GodwitException(
                    ErrorCode.NO_SPACE,
                    "there is no room for %s of RAM at %s: free some memory, or make that file system larger"
                            .formatted(spec.memory(), spec.ramFile()),
                    failure);
        }
        return new GodwitException(
                ErrorCode.FAILED,
                "the RAM of %s can't be made: %s".formatted(spec.name(), failure.getMessage()),
                failure);
    }

    static void release(VmSpec spec) throws IOException {
        Files.deleteIfExists(spec.ramFile());
    }
}
