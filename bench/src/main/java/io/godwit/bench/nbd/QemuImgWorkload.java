package io.godwit.bench.nbd;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code qemu-img bench}: 4 KiB requests 400 KiB apart, 16 at a time, by QEMU's own client; in requests a second. */
record QemuImgWorkload(boolean writes) implements Workload {
    private static final int REQUESTS = 100_000;
    private static final Pattern TIME = Pattern.compile("Run completed in ([0-9.]+) seconds");

    @Override
    public List<String> command(String uri, Duration runtime) {
        List<String> command = new ArrayList<>(List.of("qemu-img", "bench", "-f", "raw", "-c", "" + REQUESTS));
        command.addAll(List.of("-d", "16", "-s", "4096", "-S", "409600"));
        if (writes) {
            command.add("-w");
        }
        command.add(uri);
        return command;
    }

    @Override
    public double figure(String said, Duration took, long diskBytes) {
        Matcher time = TIME.matcher(said);
        if (!time.find()) {
            throw new GodwitException(
                    ErrorCode.FAILED, "qemu-img bench has not said how long it took: " + said.strip());
        }
        return REQUESTS / Double.parseDouble(time.group(1));
    }
}
