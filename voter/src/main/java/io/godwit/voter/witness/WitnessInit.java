package io.godwit.voter.witness;

import io.godwit.core.SiteName;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = "Writes the configuration of a new witness; `witness run` makes its keys.")
final class WitnessInit implements Callable<Integer> {
    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--name", defaultValue = "witness", description = "Its name (default: ${DEFAULT-VALUE}).")
    private String name = "";

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            required = true,
            description = "Address and port at which both sites can reach it.")
    private String listen = "";

    @Option(
            names = "--voters",
            paramLabel = "NAME",
            split = ",",
            required = true,
            description = "All voters, itself included: the same list as in the sites' configurations.")
    private String[] voters = {};

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            defaultValue = "/var/lib/godwit-witness",
            description = "What must survive: its keys, and what was decided (default: ${DEFAULT-VALUE}).")
    private String stateDir = "";

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            defaultValue = "/run/godwit-witness",
            description = "Its API's socket (default: ${DEFAULT-VALUE}).")
    private String runDir = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        new WitnessConfig(
                        new SiteName(name),
                        stateDir,
                        runDir,
                        listen,
                        Arrays.stream(voters).map(SiteName::new).toList())
                .write(config.file());
        PrintWriter out = spec.commandLine().getOut();
        out.println("wrote %s; next: godwit witness run --config %s".formatted(config.file(), config.file()));
        out.flush();
        return 0;
    }
}
