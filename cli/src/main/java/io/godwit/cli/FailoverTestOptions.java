package io.godwit.cli;

import io.godwit.api.ApiClient;
import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.FailoverTestReport;
import io.godwit.api.FailoverTestStatus;
import io.godwit.api.PointWish;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.json.Json;
import java.io.PrintWriter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What {@code godwit failover} is told about a test. */
final class FailoverTestOptions {
    private static final int PATIENCE_SECONDS = 120;

    @Option(
            names = "--test",
            description = "Boot the machines from copies of the disks, in a network that leads nowhere; then end them.")
    private boolean test;

    @Option(
            names = "--check",
            paramLabel = "COMMAND",
            description =
                    "With --test: a line for sh, run in that network, as root, when all machines answer, until it ends with 0.")
    private @Nullable String check;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            description =
                    "With --test: how long the machines have to answer, and then the check to succeed (default 120).")
    private @Nullable Integer patience;

    @Option(
            names = "--keep",
            description =
                    "With --test: leave the machines running, until --end-test, also if this command is interrupted.")
    private boolean keep;

    @Option(names = "--end-test", description = "End the test that is under way, or whose machines were kept.")
    private boolean end;

    boolean asked() {
        if (!test && (check != null || patience != null || keep)) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "--check, --patience and --keep belong to --test");
        }
        if (test && end) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "say --test or --end-test, not both");
        }
        return test || end;
    }

    int run(ApiClient client, GroupName group, Optional<PointWish> at, boolean json, CommandSpec spec) {
        PrintWriter out = spec.commandLine().getOut();
        if (end) {
            if (at.isPresent()) {
                throw new GodwitException(ErrorCode.BAD_INPUT, "--at belongs to --test");
            }
            if (client.ask(new ApiRequest.EndFailoverTest(group)) instanceof ApiReply.Done done) {
                out.println(json ? Json.line(done) : done.sentence());
                out.flush();
            }
            return ExitCode.OK;
        }
        int seconds = patience == null ? PATIENCE_SECONDS : patience;
        ApiRequest.TestFailover order =
                new ApiRequest.TestFailover(group, at, Optional.ofNullable(check), seconds, keep);
        FailoverTestReport report = new Listener(order, json ? Optional.empty() : Optional.of(err(spec))).hear(client);
        if (json) {
            out.println(Json.line(report));
        } else {
            print(report, out);
        }
        out.flush();
        return report.passed() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static PrintWriter err(CommandSpec spec) {
        return spec.commandLine().getErr();
    }

    /** Tells people once what goes on, when it does, and waits for what comes of it. */
    private static final class Listener {
        private final ApiRequest.TestFailover order;
        private final Optional<PrintWriter> people;
        private String told = "preparing";
        private Optional<FailoverTestReport> report = Optional.empty();

        Listener(ApiRequest.TestFailover order, Optional<PrintWriter> people) {
            this.order = order;
            this.people = people;
        }

        FailoverTestReport hear(ApiClient client) {
            client.stream(order, this::accept);
            return report.orElseThrow(() -> new GodwitException(
                    ErrorCode.UNREACHABLE, "the site went away before it said what came of the test"));
        }

        private void accept(ApiReply reply) {
            if (reply instanceof ApiReply.FailoverTested(FailoverTestReport done)) {
                report = Optional.of(done);
            } else if (reply instanceof ApiReply.FailoverTesting(FailoverTestStatus now)
                    && !now.phase().equals(told)) {
                told = now.phase();
                people.ifPresent(out -> tell(now, out));
            }
        }

        private void tell(FailoverTestStatus now, PrintWriter out) {
            switch (now.phase()) {
                case "booting" ->
                    out.println("booting the machines of group %s in a network of their own; they have %d s to answer"
                            .formatted(order.group(), order.patienceSeconds()));
                case "checking" ->
                    out.println("all have answered; the check has %d s to succeed".formatted(order.patienceSeconds()));
                default -> {
                    // What came of it is said at once.
                }
            }
            out.flush();
        }
    }

    private static void print(FailoverTestReport report, PrintWriter out) {
        out.println("test failover of group %s at %s %s after %d ms; its disks were as at position %s%s"
                .formatted(
                        report.group(),
                        report.site(),
                        report.passed() ? "passed" : "FAILED",
                        report.millis(),
                        report.point().position(),
                        report.point().time().map(", %s"::formatted).orElse("")));
        for (FailoverTestReport.Machine machine : report.machines()) {
            out.println("  machine %s at %s: %s"
                    .formatted(
                            machine.name(),
                            machine.address(),
                            machine.answeredMillis()
                                            .map("answered after %d ms"::formatted)
                                            .orElse("did not answer")
                                    + machine.tookState()
                                            .map(took -> took
                                                    ? ", took its essential state"
                                                    : ", did NOT take its essential state")
                                            .orElse("")));
        }
        report.check()
                .ifPresent(check -> out.println("  check   %s: exit code %d%s"
                        .formatted(
                                check.command(),
                                check.exitCode(),
                                check.output().isEmpty() ? "" : ": " + check.output())));
        out.println(
                report.kept()
                        ? "the machines run on: 'godwit failover %s --end-test' ends them".formatted(report.group())
                        : "the machines and their network are gone; the group went on untouched");
    }
}
