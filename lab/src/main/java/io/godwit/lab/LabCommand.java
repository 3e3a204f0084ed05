package io.godwit.lab;

import java.util.function.Consumer;
import picocli.CommandLine.Command;

/** {@code godwit lab}: two data centres on this machine. */
@Command(
        name = "lab",
        description = "Two data centres on this machine: real routing and processes, an emulated wide area network.",
        mixinStandardHelpOptions = true,
        subcommands = {
            LabUpCommand.class,
            LabStatusCommand.class,
            LabLinkCommand.class,
            LabExecCommand.class,
            LabDownCommand.class
        })
public final class LabCommand {
    private final Consumer<Lab> whenUp;

    /** A lab without daemons of its own at the sites. */
    public LabCommand() {
        this(lab -> {});
    }

    /** {@code whenUp} completes a lab that has just come up, for example by starting site daemons; if it fails, the lab goes down again. */
    public LabCommand(Consumer<Lab> whenUp) {
        this.whenUp = whenUp;
    }

    void complete(Lab lab) {
        try {
            whenUp.accept(lab);
        } catch (RuntimeException failed) {
            lab.down();
            throw failed;
        }
    }
}
