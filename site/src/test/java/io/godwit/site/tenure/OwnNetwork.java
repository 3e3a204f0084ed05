package io.godwit.site.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.Command;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Runs a case where no interface, address or filter is anybody else's: in a program of its own in a network namespace. A thread in one isn't enough: who
 * runs a virtual thread was started by whoever needed one first.
 */
public final class OwnNetwork {
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    private OwnNetwork() {}

    /** Something to be tried in a program of its own; has a constructor without parameters. */
    public interface Case {
        void run(Path directory) throws Exception;
    }

    public static void run(Class<? extends Case> what, Path directory) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Command.Outcome outcome = new Command(
                        List.of(
                                "unshare",
                                "--net",
                                java,
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                OwnNetwork.class.getName(),
                                what.getName(),
                                directory.toString()),
                        PATIENCE)
                .attempt();
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    }

    public static void main(String[] arguments) throws Exception {
        Command.of("ip", "link", "set", "lo", "up").run();
        Class<?> what = Class.forName(arguments[0]);
        var constructor = what.getDeclaredConstructor();
        constructor.setAccessible(true);
        try {
            ((Case) constructor.newInstance()).run(Path.of(arguments[1]));
        } catch (InvocationTargetException failed) {
            throw new IllegalStateException(failed.getCause());
        }
        // What a site leaves running in the background is no reason to wait.
        Runtime.getRuntime().halt(0);
    }
}
