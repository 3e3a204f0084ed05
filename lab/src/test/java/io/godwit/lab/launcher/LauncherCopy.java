package io.godwit.lab.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A copy of the launcher in a checkout of its own, with a pretended JDK, whose java prints what it was asked to run, and
 * a pretended Maven, which counts how often it builds.
 */
final class LauncherCopy {
    private static final long PATIENCE_SECONDS = 60;
    private static final String OPEN = "rwxr-xr-x";

    /** How a launch ended. */
    record Ending(int exitCode, String out, String err) {}

    private final Path base;
    private final Path checkout;
    private final Map<String, String> environment = new TreeMap<>();

    LauncherCopy(Path base) throws IOException {
        this.base = base;
        this.checkout = base.resolve("check out");
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString(OPEN));
        copyLauncher();
        source("first");
        script("tools/java", "exit 1");
        script("tools/mvn", """
                echo build >> "$(dirname "$0")/../builds"
                sleep 0.3
                [ ! -e "$(dirname "$0")/../broken" ] || { echo '[ERROR] Main.java:[7,1] no such word'; exit 1; }
                mkdir -p dist/target/lib
                touch dist/target/lib/site.jar""");
        script("jdk/bin/javac", "exit 1");
        script("jdk/bin/java", """
                case "$*" in *Rehearsal*) exit 0 ;; esac
                while [ "$1" != -cp ]; do shift; done
                shift 2
                printf '%s\\n' "$@"
                case "$*" in *fail*) exit 7 ;; *wait*) while sleep 0.1; do :; done ;; esac""");
        Files.writeString(base.resolve("jdk/release"), "JAVA_VERSION=\"25.0.3\"\n");
        environment.put("PATH", base.resolve("tools") + ":/usr/bin:/bin");
        environment.put("GODWIT_JDK_FOLDERS", "");
        environment.put("GODWIT_JAVA_HOME", base.resolve("jdk").toString());
    }

    private void copyLauncher() throws IOException {
        Path original = Path.of("").toAbsolutePath().resolveSibling("godwit");
        copy(original, checkout.resolve("godwit"));
        try (var parts = Files.newDirectoryStream(original.resolveSibling("dist/launcher"))) {
            for (Path part : parts) {
                copy(part, checkout.resolve("dist/launcher/" + part.getFileName()));
            }
        }
        packages("maven mvn build the build");
        Files.createDirectories(checkout.resolve(".mvn"));
        Files.writeString(checkout.resolve("pom.xml"), "<project/>");
        Files.writeString(checkout.resolve("dist/pom.xml"), "<project/>");
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from, to);
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString(OPEN));
    }

    /** Makes the list of Debian packages that the launcher asks for. */
    void packages(String... lines) throws IOException {
        Files.write(checkout.resolve("dist/debian-packages"), List.of(lines));
    }

    /** Writes the only source file. */
    void source(String content) throws IOException {
        Path main = checkout.resolve("core/src/main/Main.java");
        Files.createDirectories(main.getParent());
        Files.writeString(main, content);
    }

    void breakBuild() throws IOException {
        Files.createFile(base.resolve("broken"));
    }

    /** Sets a variable of the launcher's environment; null takes it away. */
    void set(String variable, @Nullable String value) {
        if (value == null) {
            environment.remove(variable);
        } else {
            environment.put(variable, value);
        }
    }

    Path checkout() {
        return checkout;
    }

    Path home() {
        return checkout.resolve(".godwit");
    }

    int builds() throws IOException {
        Path count = base.resolve("builds");
        return Files.exists(count) ? Files.readAllLines(count).size() : 0;
    }

    Ending launch(String... arguments) throws IOException, InterruptedException {
        return await(start(List.of(), arguments));
    }

    /** Launches as a user who is not root, whoever runs the test. */
    Ending launchAsNobody(String... arguments) throws IOException, InterruptedException {
        boolean root = (int) Files.getAttribute(base, "unix:uid") == 0;
        return await(start(root ? List.of("setpriv", "--reuid=65534", "--clear-groups") : List.of(), arguments));
    }

    /** Starts the launcher with its output going to files named after the process. */
    Process start(List<String> prefix, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(checkout.resolve("godwit").toString());
        Collections.addAll(command, arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    static Ending await(Process process) throws IOException, InterruptedException {
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the launcher did not end");
        }
        return new Ending(process.exitValue(), out, err);
    }

    private void script(String name, String body) throws IOException {
        Path path = base.resolve(name);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(OPEN));
    }
}
