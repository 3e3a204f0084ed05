package io.godwit.hypervisor;

import java.util.Optional;

/** What QEMU tells about a guest by itself. */
public enum GuestEvent {
    STOPPED,
    RESUMED,
    SHUT_DOWN,
    RESTARTED,
    PANICKED,
    /** A disk reported an error and the guest was stopped before it saw it. */
    DISK_ERROR;

    static Optional<GuestEvent> parse(String qmpName) {
        return switch (qmpName) {
            case "STOP" -> Optional.of(STOPPED);
            case "RESUME" -> Optional.of(RESUMED);
            case "SHUTDOWN" -> Optional.of(SHUT_DOWN);
            case "RESET" -> Optional.of(RESTARTED);
            case "GUEST_PANICKED" -> Optional.of(PANICKED);
            case "BLOCK_IO_ERROR" -> Optional.of(DISK_ERROR);
            default -> Optional.empty();
        };
    }
}
