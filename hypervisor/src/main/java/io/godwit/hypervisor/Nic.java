package io.godwit.hypervisor;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A guest's network card.
 *
 * @param tap the TAP interface, which exists already, in the network namespace of the thread that starts QEMU
 * @param mac six bytes in hexadecimal with colons, a unicast address
 */
public record Nic(String tap, String mac) {
    /** The interfaces in the network namespace of the thread that reads it. */
    private static final Path INTERFACES = Path.of("/proc/thread-self/net/dev");

    private static final Pattern INTERFACE = Pattern.compile("[A-Za-z0-9_.-]{1,15}");
    private static final Pattern MAC = Pattern.compile("[0-9a-f][02468ace](:[0-9a-f]{2}){5}");

    public Nic {
        if (!INTERFACE.matcher(tap).matches()) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "'%s' cannot name a network interface".formatted(tap));
        }
        if (!MAC.matcher(mac).matches()) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "'%s' is not a unicast MAC address: write one such as 52:54:00:12:34:56".formatted(mac));
        }
    }

    /**
     * Throws {@code NOT_FOUND} if the TAP doesn't exist: QEMU would make one itself, which leads nowhere. The kernel's
     * list is read, since the JDK knows only interfaces with addresses.
     */
    void requireTap() throws IOException {
        boolean exists = Files.readAllLines(INTERFACES).stream()
                .anyMatch(line -> line.strip().startsWith(tap + ":"));
        if (!exists) {
            throw new GodwitException(
                    ErrorCode.NOT_FOUND, "there is no TAP interface %s: it has to be made first".formatted(tap));
        }
    }
}
