package io.godwit.site.guests;

import io.godwit.core.ByteCount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the kernel says of this host's memory. Source: proc_meminfo(5). */
public final class HostMemory {
    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");

    private HostMemory() {}

    /** What can be taken without ending or swapping anything, as the kernel estimates it. */
    public static ByteCount available() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
            return lines.map(AVAILABLE::matcher)
                    .filter(Matcher::matches)
                    .findFirst()
                    .map(found -> new ByteCount(Long.parseLong(found.group(1)) * 1024))
                    .orElseThrow(() -> new IOException("/proc/meminfo does not say what memory is available"));
        }
    }
}
