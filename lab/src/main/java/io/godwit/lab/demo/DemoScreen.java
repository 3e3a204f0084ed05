package io.godwit.lab.demo;

import io.godwit.api.MoveProgress;
import io.godwit.core.ByteCount;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** What a person sees while the demonstration goes on: a line for each step, and under it a line that moves. */
public final class DemoScreen {
    private final PrintStream out;
    private final boolean terminal;
    private final long began = System.nanoTime();
    private boolean live;
    private long lastLine;

    public DemoScreen(PrintStream out) {
        this.out = out;
        this.terminal = isTerminal();
    }

    private static boolean isTerminal() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString().matches("/dev/(pts/|tty).*");
        } catch (IOException unknown) {
            return false;
        }
    }

    /** A step begins. */
    public synchronized void step(String sentence) {
        endLive();
        out.println("%s  %s".formatted(clock(), sentence));
        out.flush();
    }

    /** Something worth knowing within a step. */
    public synchronized void note(String sentence) {
        endLive();
        out.println("%s    %s".formatted(clock(), sentence));
        out.flush();
    }

    /** How a wait goes on; overwritten by the next on a terminal, and now and then a line elsewhere. */
    public synchronized void live(String sentence) {
        long now = System.nanoTime();
        if (terminal) {
            out.print("\r\033[K%s    %s".formatted(clock(), sentence));
            out.flush();
            live = true;
        } else if (now - lastLine > Duration.ofSeconds(2).toNanos()) {
            out.println("%s    %s".formatted(clock(), sentence));
            lastLine = now;
        }
    }

    void progress(MoveProgress move, String client) {
        String left = move.millisLeft().isPresent()
                ? String.format(
                        Locale.ROOT, ", about %.0f s left", move.millisLeft().getAsLong() / 1000.0)
                : "";
        live("%-11s round %d, %s sent at %s/s%s | %s"
                .formatted(
                        move.phase(),
                        move.round(),
                        new ByteCount(move.wanBytes()),
                        new ByteCount(move.bytesPerSecond()),
                        left,
                        client));
    }

    public synchronized void print(String text) {
        endLive();
        out.print(text);
        out.flush();
    }

    private void endLive() {
        if (live) {
            out.println();
            live = false;
        }
    }

    private String clock() {
        return String.format(Locale.ROOT, "%6.1f s", (System.nanoTime() - began) / 1e9);
    }
}
