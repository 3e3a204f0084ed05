package io.godwit.voter.witness;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.link.LinkServer;
import io.godwit.link.SiteIdentity;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Runs the witness in the foreground until it is told to end (SIGTERM); it needs no root.")
final class WitnessRun implements Callable<Integer> {
    private static final Logger LOG = System.getLogger(WitnessRun.class.getName());

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Override
    public Integer call() throws Exception {
        WitnessConfig loaded = config.load();
        LinkServer.requireFree(loaded.listenAddress().resolve());
        prepareDirectories(loaded);
        CountDownLatch ended = new CountDownLatch(1);
        WitnessDaemon daemon = new WitnessDaemon(loaded, identity(loaded));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                daemon.close();
            } catch (IOException failed) {
                LOG.log(Level.WARNING, "the witness did not end cleanly", failed);
            }
            ended.countDown();
        }));
        LOG.log(Level.INFO, "witness {0} is up, listening on {1}", loaded.name(), loaded.listen());
        ended.await();
        return 0;
    }

    private static void prepareDirectories(WitnessConfig config) {
        try {
            for (String directory : new String[] {config.stateDir(), config.runDir()}) {
                Files.createDirectories(
                        Path.of(directory),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException failed) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "the witness' directories cannot be made (%s): make them, or name others in its configuration"
                            .formatted(failed.getMessage()),
                    failed);
        }
    }

    private static SiteIdentity identity(WitnessConfig config) throws IOException {
        Path directory = config.identityDirectory();
        SiteIdentity identity = SiteIdentity.exists(directory)
                ? SiteIdentity.load(directory)
                : SiteIdentity.create(directory, config.name());
        if (!identity.name().equals(config.name())) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "the identity in %s is that of %s, not %s".formatted(directory, identity.name(), config.name()));
        }
        return identity;
    }
}
