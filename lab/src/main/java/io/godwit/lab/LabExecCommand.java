package io.godwit.lab;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code godwit lab exec}: runs a program at a place of a lab, with this terminal; its exit code becomes ours. */
@Command(name = "exec", description = "Run a program at a place of a lab.", mixinStandardHelpOptions = true)
public final class LabExecCommand implements Callable<Integer> {
    @Mixin
    LabNameOption lab = new LabNameOption();

    @Parameters(index = "0", paramLabel = "PLACE", description = "client, core, east or west")
    String place = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "COMMAND",
            description = "the program and its arguments, after --")
    List<String> argv = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Lab running = Lab.find(lab.lab());
        return running.exec(Place.named(place), argv.toArray(String[]::new))
                .inheritIO()
                .start()
                .waitFor();
    }
}
