package io.godwit.lab;

import io.godwit.api.ApiClient;
import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.SiteStatus;
import io.godwit.core.DurableFile;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The two site daemons of a lab, and its witness if it has one: set up, started, supervised, and introduced to each other. */
public final class LabSites {
    public static final int LINK_PORT = 7400;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Lab lab;
    private final Optional<LabWitness> witness;

    /** @param voting whether a witness and the sites decide who may write */
    public LabSites(Lab lab, boolean voting) {
        this.lab = lab;
        this.witness = voting ? Optional.of(new LabWitness(lab)) : Optional.empty();
    }

    /** Starts the daemons and pairs them; returns when each can be asked, and the voters can decide. */
    public void start() throws InterruptedException {
        LabSite east = lab.site(Place.EAST);
        LabSite west = lab.site(Place.WEST);
        witness.ifPresent(third -> third.start(launcher()));
        start(east);
        start(west);
        awaitAnswer(east.name().value(), api(east));
        awaitAnswer(west.name().value(), api(west));
        pair(east, west);
        if (witness.isPresent()) {
            awaitAnswer(LabWitness.NAME, witness.get().api());
            witness.get().pair(east);
            witness.get().pair(west);
            awaitVoters(east);
            awaitVoters(west);
        }
    }

    private static void awaitVoters(LabSite site) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (status(site)
                .voting()
                .filter(voting -> voting.leader().isPresent())
                .isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new GodwitException(
                        ErrorCode.FAILED,
                        "the voters did not agree on a leader; the logs of site %s and of the witness say why"
                                .formatted(site.name()));
            }
            Thread.sleep(PAUSE);
        }
    }

    private static SiteStatus status(LabSite site) {
        if (api(site).ask(new ApiRequest.Status(Optional.empty())) instanceof ApiReply.Status(SiteStatus status)) {
            return status;
        }
        throw new GodwitException(ErrorCode.CORRUPT, "site %s has no status".formatted(site.name()));
    }

    /** The supervised process that is a site's daemon. */
    public static String daemon(LabSite site) {
        return "site-" + site.name();
    }

    public static ApiClient api(LabSite site) {
        return new ApiClient(site.api());
    }

    public static String linkAddress(LabSite site) {
        return site.underlayAddress() + ":" + LINK_PORT;
    }

    private void start(LabSite site) {
        Path config = lab.paths().config().resolve(site.name() + ".json");
        try {
            new DurableFile(config).write(Json.pretty(config(site)).getBytes(StandardCharsets.UTF_8));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        lab.supervise(new DaemonSpec(
                daemon(site),
                site.place(),
                List.of(launcher(), "site", "run", "--config", config.toString()),
                Optional.of(site.runDir().resolve("disks.sock"))));
    }

    private Map<String, Object> config(LabSite site) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("name", site.name());
        config.put("stateDir", site.stateDir().resolve("godwit").toString());
        config.put("runDir", site.runDir().toString());
        config.put("ramDir", lab.paths().siteRam(site.place()).toString());
        config.put("listen", linkAddress(site));
        config.put("underlay", site.underlayAddress());
        config.put(
                "service",
                Map.of(
                        "bridge", "gwservice",
                        "gateway", LabAddresses.SERVICE_GATEWAY,
                        "gatewayMac", LabAddresses.SERVICE_GATEWAY_MAC));
        config.put("bgpPort", site.speakerPort());
        witness.ifPresent(third -> config.put("voters", LabWitness.voters()));
        return config;
    }

    private static String launcher() {
        return Optional.ofNullable(System.getenv("GODWIT_ROOT"))
                .map(root -> Path.of(root).resolve("godwit").toString())
                .orElseThrow(() -> new GodwitException(
                        ErrorCode.UNSUPPORTED, "a lab's sites are started by the launcher: use ./godwit lab"));
    }

    private static void awaitAnswer(String name, ApiClient daemon) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                daemon.ask(new ApiRequest.Status(Optional.empty()));
                return;
            } catch (GodwitException notYet) {
                if (System.nanoTime() > deadline) {
                    throw new GodwitException(
                            ErrorCode.FAILED,
                            "the daemon of %s does not come up; its log says why".formatted(name),
                            notYet);
                }
                Thread.sleep(PAUSE);
            }
        }
    }

    private static void pair(LabSite east, LabSite west) {
        if (!status(east).peers().isEmpty()) {
            return;
        }
        if (api(east).ask(new ApiRequest.OpenPairing()) instanceof ApiReply.PairingOpened opened) {
            api(west).ask(new ApiRequest.Join(linkAddress(east), opened.token()));
        }
    }
}
