package io.godwit.site.trial;

import io.godwit.api.FailoverTestReport.Check;
import io.godwit.core.Command;
import io.godwit.core.GodwitException;
import io.godwit.network.Bubble;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * A line for {@code sh} that is run in a test's network again and again until it succeeds: who answers an echo request may not have begun its
 * service yet. What a try has started is ended with it.
 *
 * @param environment what marks its processes as those of the test, as NAME=VALUE
 * @param machines which of the processes in the network are the machines, and stay
 */
record TrialCheck(String line, String environment, Bubble bubble, Predicate<ProcessHandle> machines) {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int SHOWN_CHARS = 4_096;
    private static final int NO_EXIT = -1;

    /** The last try that came to its end by itself; if none did, what the last one had said. */
    Check run(Duration patience, BooleanSupplier givenUp) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        Check best = once(patience);
        while (best.exitCode() != 0 && !givenUp.getAsBoolean() && System.nanoTime() + PAUSE.toNanos() - deadline < 0) {
            Thread.sleep(PAUSE);
            Check next = once(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            if (next.exitCode() != NO_EXIT || best.exitCode() == NO_EXIT) {
                best = next;
            }
        }
        return best;
    }

    private Check once(Duration atMost) throws InterruptedException {
        Command command = Command.of("env", environment, "sh", "-c", line).within(atMost);
        try {
            Command.Outcome outcome = bubble.within(command::attempt);
            return new Check(line, outcome.exitCode(), shown(outcome.output().strip()));
        } catch (GodwitException overdue) {
            return new Check(line, NO_EXIT, shown(overdue.sentence().replace(command.toString(), line)));
        } catch (IOException broken) {
            return new Check(line, NO_EXIT, String.valueOf(broken.getMessage()));
        } finally {
            bubble.endAllBut(machines);
        }
    }

    private static String shown(String said) {
        return said.length() > SHOWN_CHARS ? said.substring(0, SHOWN_CHARS) : said;
    }
}
