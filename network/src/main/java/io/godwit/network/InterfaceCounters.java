package io.godwit.network;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Reads what the kernel counted at an interface of the calling thread's namespace, from /proc/net/dev (proc_net(5)). */
final class InterfaceCounters {
    private static final Path FILE = Path.of("/proc/thread-self/net/dev");

    private InterfaceCounters() {}

    static Optional<TunnelCounters> read(InterfaceName device) {
        try {
            return find(device, Files.readString(FILE));
        } catch (IOException unreadable) {
            throw new GodwitException(ErrorCode.FAILED, "cannot read the counters in " + FILE, unreadable);
        }
    }

    static Optional<TunnelCounters> find(InterfaceName device, String table) {
        return table.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(device + ":"))
                .map(line -> counters(line.substring(device.value().length() + 1)))
                .findFirst();
    }

    /** Columns: received bytes, packets, errors, dropped, fifo, frame, compressed, multicast; then sent bytes, packets, errors, dropped. */
    private static TunnelCounters counters(String columns) {
        long[] number = Arrays.stream(columns.strip().split("\\s+"))
                .mapToLong(Long::parseLong)
                .toArray();
        return new TunnelCounters(number[1], number[0], number[9], number[8], number[3] + number[11]);
    }
}
