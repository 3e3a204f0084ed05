package io.godwit.lab;

import io.godwit.core.json.Json;
import io.godwit.lab.wire.LinkShape;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** How the lab's commands show things: a line for each, or JSON. */
final class LabPrinter {
    private LabPrinter() {}

    static PrintWriter of(@Nullable CommandSpec command) {
        return command == null
                ? new PrintWriter(System.out, true, StandardCharsets.UTF_8)
                : command.commandLine().getOut();
    }

    static void print(LabStatus status, boolean json, PrintWriter out) {
        if (json) {
            out.println(Json.pretty(status));
            return;
        }
        out.printf("lab %s is up (keeper %d)%n", status.name(), status.keeperPid());
        print(status.links(), false, out);
        for (ProcessStatus process : status.processes()) {
            String state = process.running() ? "pid " + process.pid() : process.wanted() ? "starting" : "stopped";
            out.printf("  %-14s at %-6s %s%n", process.name(), process.place(), state);
        }
    }

    static void print(List<LinkStatus> lanes, boolean json, PrintWriter out) {
        if (json) {
            out.println(Json.pretty(lanes));
            return;
        }
        for (LinkStatus lane : lanes) {
            LinkShape shape = lane.shape();
            out.printf(
                    "  %-6s %6s -> %-6s %-4s %.1f ms, %s, loss %s %%, queue %s; delivered %d, lost %d, dropped %d%n",
                    lane.link(),
                    lane.from(),
                    lane.to(),
                    lane.up() ? "up" : "DOWN",
                    shape.delay().toNanos() / 1e6,
                    shape.rate(),
                    shape.lossPercent(),
                    shape.queue(),
                    lane.counters().deliveredFrames(),
                    lane.counters().lost(),
                    lane.counters().dropped() + lane.counters().cut());
        }
    }

    static void printRemoved(LabDownCommand.Removed removed, boolean json, PrintWriter out) {
        out.println(json ? Json.line(removed) : "lab %s is removed".formatted(removed.removed()));
    }
}
