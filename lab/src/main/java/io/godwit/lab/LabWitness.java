package io.godwit.lab;

import io.godwit.api.ApiClient;
import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.core.DurableFile;
import io.godwit.core.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The third voter of a lab, beside the core's router: each site reaches it over its own way to the core. */
public final class LabWitness {
    /** Its name among the voters, and as a supervised process. */
    public static final String NAME = "witness";

    private final Lab lab;

    LabWitness(Lab lab) {
        this.lab = lab;
    }

    /** Who decides which site may write. */
    static List<String> voters() {
        return List.of(Place.EAST.toString(), Place.WEST.toString(), NAME);
    }

    /** Starts it; it may be asked in a moment. */
    void start(String launcher) {
        Path config = lab.paths().config().resolve(NAME + ".json");
        try {
            new DurableFile(config).write(Json.pretty(config()).getBytes(StandardCharsets.UTF_8));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        lab.supervise(
                new DaemonSpec(NAME, Place.CORE, List.of(launcher, "witness", "run", "--config", config.toString())));
    }

    private Map<String, Object> config() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("name", NAME);
        config.put("stateDir", lab.paths().state().resolve(NAME).toString());
        config.put("runDir", runDir().toString());
        config.put("listen", LabAddresses.CORE_TO_CLIENT + ":" + LabSites.LINK_PORT);
        config.put("voters", voters());
        return config;
    }

    private Path runDir() {
        return lab.paths().run().resolve(NAME);
    }

    ApiClient api() {
        return new ApiClient(runDir().resolve("api.sock"));
    }

    /** Makes it and a site known to each other. */
    void pair(LabSite site) {
        if (LabSites.api(site).ask(new ApiRequest.OpenPairing()) instanceof ApiReply.PairingOpened opened) {
            api().ask(new ApiRequest.Join(LabSites.linkAddress(site), opened.token()));
        }
    }
}
