package io.godwit.lab;

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
            LabPowerCommand.class,
            LabExecCommand.class,
            LabDownCommand.class
        })
public final class LabCommand {}
