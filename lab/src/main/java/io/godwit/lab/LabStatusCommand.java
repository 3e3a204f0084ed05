package io.godwit.lab;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit lab status}: what a lab's links and processes do. */
@Command(name = "status", description = "Show a lab's links and processes.", mixinStandardHelpOptions = true)
public final class LabStatusCommand implements Callable<Integer> {
    @Mixin
    LabNameOption lab = new LabNameOption();

    @Option(names = "--json", description = "print JSON")
    boolean json;

    @Spec
    @Nullable
    CommandSpec command;

    @Override
    public Integer call() {
        LabPrinter.print(Lab.find(lab.lab()).status(), json, LabPrinter.of(command));
        return 0;
    }
}
