package io.godwit.hypervisor;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The directory that holds one QEMU's sockets, logs and pid; for its owner alone. */
record RunDirectory(Path path) {
    /** The kernel's limit for the path of a unix socket. */
    private static final int MAX_SOCKET_PATH_BYTES = 107;

    private static final int LAST_WORDS_BYTES = 2048;

    /** QEMU's control socket. */
    Path control() {
        return path.resolve("qmp");
    }

    /** Where this process listens while QEMU saves its device state. */
    Path outgoing() {
        return path.resolve("save");
    }

    /** Where QEMU listens for the device state to load. */
    Path incoming() {
        return path.resolve("load");
    }

    /** The other end of the serial port on which the guest's agent listens. */
    Path agent() {
        return path.resolve("agent");
    }

    /** The other end of the serial port on which programs in the guest ask for checkpoints. */
    Path inside() {
        return path.resolve("inside");
    }

    Path pidFile() {
        return path.resolve("pid");
    }

    /** Standard output and error of QEMU. */
    Path log() {
        return path.resolve("qemu.log");
    }

    /** What the guest writes to its first serial port. */
    Path console() {
        return path.resolve("console.log");
    }

    /** Makes the directory if need be and removes what an earlier QEMU left, but for its logs. */
    void prepare() throws IOException {
        int bytes = control().toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8).length + 3;
        if (bytes > MAX_SOCKET_PATH_BYTES) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "the path %s is too long for sockets in it: it may have %d bytes"
                            .formatted(path, MAX_SOCKET_PATH_BYTES - 5));
        }
        Files.createDirectories(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        clear();
    }

    /** Removes sockets and pid. */
    void clear() throws IOException {
        for (Path file : List.of(control(), agent(), inside(), outgoing(), incoming(), pidFile())) {
            Files.deleteIfExists(file);
        }
    }

    long logBytes() throws IOException {
        return Files.exists(log()) ? Files.size(log()) : 0;
    }

    /** The end of what QEMU wrote to its log after the first {@code from} bytes, or all if it was put aside since. */
    String lastWords(long from) {
        try (RandomAccessFile file = new RandomAccessFile(log().toFile(), "r")) {
            long begin = from <= file.length() ? from : 0;
            file.seek(Math.max(begin, file.length() - LAST_WORDS_BYTES));
            byte[] words = new byte[(int) (file.length() - file.getFilePointer())];
            file.readFully(words);
            return new String(words, StandardCharsets.UTF_8).strip();
        } catch (IOException unreadable) {
            return "(no log: %s)".formatted(unreadable.getMessage());
        }
    }
}
