package io.godwit.lab;

import picocli.CommandLine.Option;

/** Which lab is meant; to be mixed into a command. */
final class LabNameOption {
    static final String USUAL_NAME = "lab";

    @Option(
            names = {"-n", "--name"},
            paramLabel = "NAME",
            defaultValue = USUAL_NAME,
            description = "the lab's name (${DEFAULT-VALUE})")
    String name = USUAL_NAME;

    LabName lab() {
        return new LabName(name);
    }
}
