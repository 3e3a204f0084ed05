package io.godwit.lab;

import io.godwit.lab.net.LabRemoval;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit lab down}: ends a lab and removes all of it, in whatever state it is. */
@Command(name = "down", description = "End a lab and remove all of it.", mixinStandardHelpOptions = true)
public final class LabDownCommand implements Callable<Integer> {
    @Mixin
    LabNameOption lab = new LabNameOption();

    @Option(names = "--json", description = "print JSON")
    boolean json;

    @Spec
    @Nullable
    CommandSpec command;

    /** What {@code --json} prints. */
    record Removed(LabName removed) {}

    @Override
    public Integer call() {
        LabRemoval.requireAny(lab.lab());
        LabRemoval.of(lab.lab()).run();
        LabPrinter.printRemoved(new Removed(lab.lab()), json, LabPrinter.of(command));
        return 0;
    }
}
