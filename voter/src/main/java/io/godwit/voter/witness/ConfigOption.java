package io.godwit.voter.witness;

import io.godwit.api.ApiClient;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which witness is meant. */
final class ConfigOption {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "/etc/godwit/witness.json",
            description = "The witness' configuration, JSON (default: ${DEFAULT-VALUE}).")
    private Path file = Path.of("/etc/godwit/witness.json");

    Path file() {
        return file;
    }

    WitnessConfig load() {
        return WitnessConfig.load(file);
    }

    ApiClient client() {
        return new ApiClient(load().apiSocket(), "the configuration, --config,");
    }
}
