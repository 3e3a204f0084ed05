package io.godwit.site;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.hypervisor.Accelerator;
import io.godwit.link.LinkServer;
import io.godwit.link.SiteIdentity;
import io.godwit.network.BgpSpeaker;
import io.godwit.network.Edge;
import io.godwit.network.LeasedPorts;
import io.godwit.volume.nbd.NbdServer;
import io.godwit.voter.Voter;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description =
                "Runs the daemon in the foreground until it is told to end (SIGTERM); machines run on without it.")
final class SiteRun implements Callable<Integer> {
    private static final Logger LOG = System.getLogger(SiteRun.class.getName());

    /** A daemon that was restarted in the middle of something has better things to do first. */
    private static final Duration REHEARSAL_DELAY = Duration.ofSeconds(2);

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "The site's configuration, JSON; docs/site.md describes it.")
    private Path config = Path.of("/etc/godwit/site.json");

    @Override
    public Integer call() throws Exception {
        SiteConfig loaded = SiteConfig.load(config);
        requireRoot();
        LinkServer.requireFree(loaded.listenAddress().resolve());
        prepareDirectories(loaded);
        Edge edge = new Edge(loaded.serviceNet(), new BgpSpeaker(loaded.bgpPort()));
        SiteIdentity identity = identity(loaded);
        Optional<Voter> voter = loaded.voter(identity);
        SiteContext site = new SiteContext(
                loaded,
                identity,
                edge,
                NbdServer.takingUp(loaded.disksSocket()),
                loaded.readers(),
                Accelerator::detect,
                voter.map(own -> own));
        if (site.quorum().isEmpty()) {
            LeasedPorts.remove();
        }
        CountDownLatch ended = new CountDownLatch(1);
        SiteDaemon daemon = new SiteDaemon(site, voter);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                daemon.close();
            } catch (IOException failed) {
                LOG.log(Level.WARNING, "the site did not end cleanly", failed);
            }
            ended.countDown();
        }));
        Thread.ofPlatform().daemon().name("rehearsal").start(() -> rehearse(Path.of(loaded.ramDir())));
        LOG.log(Level.INFO, "site {0} is up, listening on {1}", site.name(), loaded.listen());
        ended.await();
        return 0;
    }

    /** Runs what runs while a guest stands still, so that it is compiled before the first guest does. */
    private static void rehearse(Path directory) {
        try {
            Thread.sleep(REHEARSAL_DELAY);
            io.godwit.memory.Rehearsal.run(directory);
            io.godwit.hypervisor.Rehearsal.run(directory);
        } catch (IOException | RuntimeException failed) {
            LOG.log(Level.WARNING, "the first move will be a little slower: " + failed.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void requireRoot() {
        if (!"root".equals(System.getProperty("user.name"))) {
            throw new GodwitException(
                    ErrorCode.UNSUPPORTED,
                    "a site commands the kernel's network and so must run as root: start it with sudo or by the system's service manager");
        }
        if (!Files.exists(Path.of("/dev/net/tun"))) {
            throw new GodwitException(
                    ErrorCode.UNSUPPORTED, "this machine has no /dev/net/tun: load the kernel's tun module first");
        }
    }

    private static void prepareDirectories(SiteConfig config) {
        try {
            for (String directory : new String[] {config.stateDir(), config.runDir(), config.ramDir()}) {
                Files.createDirectories(
                        Path.of(directory),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException failed) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "the site's directories cannot be made: " + failed.getMessage(), failed);
        }
    }

    private static SiteIdentity identity(SiteConfig config) throws IOException {
        Path directory = Path.of(config.stateDir()).resolve("identity");
        SiteIdentity identity = SiteIdentity.exists(directory)
                ? SiteIdentity.load(directory)
                : SiteIdentity.create(directory, config.name());
        if (!identity.name().equals(config.name())) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "the identity in %s is that of site %s, not %s"
                            .formatted(directory, identity.name(), config.name()));
        }
        return identity;
    }
}
