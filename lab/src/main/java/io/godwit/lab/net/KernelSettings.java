package io.godwit.lab.net;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.lab.wire.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Settings under /proc/sys/net of a network namespace. */
final class KernelSettings {
    private static final Path ROOT = Path.of("/proc/sys/net");

    private KernelSettings() {}

    /** Sets those that this kernel has; /proc/sys/net shows a thread the settings of its own namespace. */
    static void apply(Namespace namespace, Map<String, Integer> settings) {
        AtomicReference<@Nullable IOException> failure =
                new AtomicReference<>(new IOException("cannot enter " + namespace.name()));
        Thread visitor = namespace.thread("settings", () -> failure.set(write(settings)));
        visitor.start();
        try {
            visitor.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new GodwitException(ErrorCode.FAILED, "interrupted while setting up a namespace", stopped);
        }
        IOException refused = failure.get();
        if (refused != null) {
            throw new GodwitException(
                    ErrorCode.FAILED, "cannot change kernel settings of " + namespace.name(), refused);
        }
    }

    private static @Nullable IOException write(Map<String, Integer> settings) {
        try {
            for (Map.Entry<String, Integer> setting : settings.entrySet()) {
                Path file = ROOT.resolve(setting.getKey());
                if (Files.exists(file)) {
                    Files.writeString(file, setting.getValue().toString());
                }
            }
            return null;
        } catch (IOException refused) {
            return refused;
        }
    }
}
