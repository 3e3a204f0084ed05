package io.godwit.volume;

import java.nio.file.Path;
import java.util.List;

/** The command that runs a test's own program in a JVM of its own. */
final class ChildJvm {
    private ChildJvm() {}

    static List<String> command(Class<?> program) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName());
    }
}
