package io.godwit.site.group;

import io.godwit.core.Position;
import io.godwit.replication.Replica;
import io.godwit.replication.ReplicationLimits;
import io.godwit.site.SiteContext;
import io.godwit.site.disks.DiskFront;
import io.godwit.site.disks.ScratchDisks;
import io.godwit.site.files.GroupFiles;
import io.godwit.site.files.GroupRecord;
import io.godwit.site.guests.Guests;
import io.godwit.site.guests.Ports;
import io.godwit.site.tenure.DiskLease;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Opens what a site has of a group, as its role demands; nothing runs yet. */
record GroupOpening(SiteContext site, GroupFiles files, GroupRecord record, DiskLease lease) {
    /** As the record says whose the group is. */
    Role role() throws IOException, InterruptedException {
        return record.owner().equals(site.name()) ? served() : followed();
    }

    private Serving served() throws IOException, InterruptedException {
        DiskFront front = front(new LogRescue(site, record).open(files.store()));
        Guests guests = new Guests(files, record);
        Serving serving = new Serving(site, record, front, guests, new Ports(site.edge(), record.definition()));
        try {
            guests.adopt();
        } catch (IOException | RuntimeException failed) {
            serving.leave();
            throw failed;
        }
        if (files.failover().filter(saved -> !saved.state().ended()).isPresent()) {
            serving.standAlone();
        }
        return serving;
    }

    /** Offers the disks of a store that was just opened; closes it if they can't be. */
    private DiskFront front(GroupStore store) throws IOException {
        try {
            return DiskFront.held(site, files, record.definition(), store, lease);
        } catch (IOException | RuntimeException failed) {
            store.close();
            throw failed;
        }
    }

    /**
     * What serves the group that this site has followed until now; nothing runs yet. Machines that wait with their memory are taken over, if the disks go
     * back to where they were then.
     */
    Serving takingOver(Following following, Standby standby, Optional<Position> at)
            throws IOException, InterruptedException {
        GroupStore store = following.replica().surrender();
        Optional<WaitingMachines> waiting = standby.surrender(at, store);
        Serving serving = waiting.isPresent() ? serving(waiting.get()) : serving(store);
        serving.standAlone();
        return serving;
    }

    private Serving serving(WaitingMachines waiting) {
        return new Serving(site, record, waiting.front(), waiting.guests(), waiting.ports());
    }

    private Serving serving(GroupStore store) throws IOException, InterruptedException {
        Guests guests = new Guests(files, record);
        guests.killLeftovers();
        DiskFront front = DiskFront.held(site, files, record.definition(), store, lease);
        return new Serving(site, record, front, guests, new Ports(site.edge(), record.definition()));
    }

    /** A follower as before whose replica was closed. */
    Following reopened(Following closed) {
        try {
            closed.leave();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return followed();
    }

    private Following followed() {
        boolean home = record.home().equals(site.name());
        discardScratch();
        return new Following(new Replica(
                record.name(),
                files.store(),
                files.disks(record.definition(), home),
                ReplicationLimits.DEFAULT,
                GroupHistory.window(record.bounds())));
    }

    /** What the group's last stay here has left. */
    private void discardScratch() {
        try {
            ScratchDisks.discard(files, record.definition());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
