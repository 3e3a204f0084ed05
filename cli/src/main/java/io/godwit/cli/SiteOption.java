package io.godwit.cli;

import io.godwit.api.ApiClient;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which site is asked. */
final class SiteOption {
    private static final Path DEFAULT_SOCKET = Path.of("/run/godwit/api.sock");

    @Option(
            names = "--api",
            paramLabel = "SOCKET",
            description = "The site's API socket (default: $GODWIT_API, or /run/godwit/api.sock).")
    private @Nullable Path socket;

    ApiClient client() {
        if (socket != null) {
            return new ApiClient(socket);
        }
        String fromEnvironment = System.getenv("GODWIT_API");
        return new ApiClient(fromEnvironment == null ? DEFAULT_SOCKET : Path.of(fromEnvironment));
    }
}
