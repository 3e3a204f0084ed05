package io.godwit.core.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class BootClockTest {
    private static final long TICK = Duration.ofMillis(10).toNanos();
    private static final Duration AWAY = Duration.ofDays(30);

    /** Says what both clocks show. */
    static final class Show {
        public static void main(String[] args) {
            System.out.println(BootClock.nanos() + " " + System.nanoTime());
        }
    }

    @Test
    void isTheTimeForWhichTheHostHasBeenUp() throws IOException {
        long before = uptime();
        long shown = BootClock.nanos();
        assertThat(shown).isBetween(before - TICK, uptime() + TICK);
    }

    @Test
    void neverGoesBack() {
        long last = BootClock.nanos();
        for (int reading = 0; reading < 100_000; reading++) {
            long next = BootClock.nanos();
            assertThat(next).isGreaterThanOrEqualTo(last);
            last = next;
        }
    }

    /** A namespace whose boot clock is ahead: what a suspended host's is to the clock that stood still meanwhile. */
    @Test
    void goesOnWhereTheOtherClockStandsStill() throws IOException, InterruptedException {
        List<String> ahead =
                List.of("unshare", "-Ur", "--time", "--boottime", Long.toString(AWAY.toSeconds()), "--fork");
        assumeTrue(run(ahead, List.of("true")).exit == 0, "namespaces for clocks are not allowed here");
        String[] shown = run(
                        ahead,
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Show.class.getName()))
                .output
                .trim()
                .split(" ", -1);
        long bootAhead = Long.parseLong(shown[0]) - BootClock.nanos();
        long otherAhead = Long.parseLong(shown[1]) - System.nanoTime();
        assertThat(Duration.ofNanos(bootAhead - otherAhead)).isBetween(AWAY.minusDays(1), AWAY.plusDays(1));
    }

    private record Ran(int exit, String output) {}

    private static Ran run(List<String> in, List<String> command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(in);
        all.addAll(command);
        Process process = new ProcessBuilder(all)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), output);
    }

    private static long uptime() throws IOException {
        String seconds = Files.readString(Path.of("/proc/uptime")).split(" ", -1)[0];
        return new BigDecimal(seconds).movePointRight(9).longValueExact();
    }
}
