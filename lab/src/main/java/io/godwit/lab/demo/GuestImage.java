package io.godwit.lab.demo;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.lab.LabAddresses;
import io.godwit.lab.LabSite;
import io.godwit.lab.LabSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The disk image of the guest that is shown: built from Debian packages once, then copied for every demonstration. */
public final class GuestImage {
    private GuestImage() {}

    /** Builds the image if it isn't there, and returns its path. */
    public static Path build(DemoScreen screen, LabSpec lab) throws InterruptedException {
        screen.step("the guest: Debian with Redis, on a disk built from Debian's packages (kept after the first time)");
        String root = Optional.ofNullable(System.getenv("GODWIT_ROOT"))
                .orElseThrow(() -> new GodwitException(
                        ErrorCode.UNSUPPORTED, "the demonstration is started by the launcher: use ./godwit demo"));
        String path = run(List.of(
                Path.of(root, "lab", "guest", "build").toString(),
                "--address",
                LabAddresses.SERVICE + "/24",
                "--gateway",
                LabAddresses.SERVICE_GATEWAY.replaceAll("/.*", "")));
        return Path.of(path.strip());
    }

    /** Puts a copy of the image on a site's own disk, without its holes. */
    public static Path copy(Path image, LabSite site) throws InterruptedException {
        Path copy = site.stateDir().resolve("guest.raw");
        run(List.of("cp", "--sparse=always", image.toString(), copy.toString()));
        return copy;
    }

    private static String run(List<String> argv) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(argv)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new GodwitException(ErrorCode.FAILED, "`%s` failed".formatted(String.join(" ", argv)));
            }
            return output;
        } catch (IOException failed) {
            throw new GodwitException(
                    ErrorCode.FAILED, "`%s` cannot be run: %s".formatted(argv.getFirst(), failed.getMessage()), failed);
        }
    }
}
