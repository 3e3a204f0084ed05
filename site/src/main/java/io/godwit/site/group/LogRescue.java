package io.godwit.site.group;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import io.godwit.link.ChannelKind;
import io.godwit.link.PeerChannel;
import io.godwit.replication.verify.LogRepair;
import io.godwit.replication.verify.LogRepair.Outcome;
import io.godwit.site.SiteContext;
import io.godwit.site.files.GroupRecord;
import io.godwit.volume.GroupStore;
import io.godwit.volume.LogDamage;
import io.godwit.volume.StoreLimits;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Opens the store of a group that this site owns. If its log has lost to the disk what was durable, that comes back from
 * the replica first: the guests were told that it is safe, and until it is there they get no disk.
 */
final class LogRescue {
    private static final Logger LOG = System.getLogger(LogRescue.class.getName());
    private static final Duration SILENCE = Duration.ofSeconds(20);

    private final SiteContext site;
    private final GroupRecord record;

    LogRescue(SiteContext site, GroupRecord record) {
        this.site = site;
        this.record = record;
    }

    /** @throws GodwitException CORRUPT if the log is damaged and the peer could not help: the sentence says why */
    GroupStore open(Path store) throws IOException {
        try {
            return openAsItIs(store);
        } catch (GodwitException broken) {
            Optional<LogDamage> damage = broken.code() == ErrorCode.CORRUPT ? LogDamage.find(store) : Optional.empty();
            if (damage.isEmpty()) {
                throw broken;
            }
            repair(store, damage.get(), broken);
            return openAsItIs(store);
        }
    }

    private GroupStore openAsItIs(Path store) throws IOException {
        return GroupStore.open(store, StoreLimits.DEFAULT, GroupHistory.window(record.bounds()));
    }

    private void repair(Path store, LogDamage damage, GodwitException broken) throws IOException {
        SiteName peer = record.peerOf(site.name());
        try (PeerChannel channel = site.linkTo(peer).open(ChannelKind.VERIFY, Optional.of(record.name()))) {
            channel.readTimeout(SILENCE);
            Outcome outcome = LogRepair.run(store, damage, channel);
            LOG.log(
                    Level.WARNING,
                    "group {0}: the disk below {1} had damaged the log, first at {2} and last at {3}: {4} records were written again from {5}",
                    record.name(),
                    store,
                    outcome.from(),
                    outcome.to(),
                    outcome.records(),
                    peer);
        } catch (GodwitException helpless) {
            throw new GodwitException(
                    ErrorCode.CORRUPT,
                    "%s; it could not be repaired from %s: %s".formatted(broken.sentence(), peer, helpless.sentence()),
                    helpless);
        }
    }
}
