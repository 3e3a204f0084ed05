package io.godwit.network;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A setting under /proc/sys/net/ipv4, in the calling thread's network namespace. */
final class KernelSetting {
    private static final Path ROOT = Path.of("/proc/sys/net");

    private KernelSetting() {}

    /** Sets for example {@code ipv4/ip_forward} to {@code 1}. */
    static void set(String name, int value) {
        Path file = ROOT.resolve(name);
        try {
            Files.writeString(file, Integer.toString(value));
        } catch (IOException refused) {
            throw new GodwitException(
                    ErrorCode.FAILED,
                    "cannot set %s to %d: the edge must be root in its network namespace".formatted(file, value),
                    refused);
        }
    }

    /** As {@link #set}, where the kernel may lack the setting (a kernel without IPv6, for example). */
    static void setIfThere(String name, int value) {
        if (Files.exists(ROOT.resolve(name))) {
            set(name, value);
        }
    }
}
