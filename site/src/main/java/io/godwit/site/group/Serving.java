package io.godwit.site.group;

import io.godwit.api.DiskDefinition;
import io.godwit.api.GroupStatus;
import io.godwit.core.DiskName;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import io.godwit.network.Placement;
import io.godwit.network.Preference;
import io.godwit.replication.ReplicationLimits;
import io.godwit.replication.Replicator;
import io.godwit.site.SiteContext;
import io.godwit.site.disks.CurrentRule;
import io.godwit.site.disks.DiskFront;
import io.godwit.site.disks.PromisedRule;
import io.godwit.site.disks.Ratings;
import io.godwit.site.disks.ScratchDisks;
import io.godwit.site.essential.EssentialKeeping;
import io.godwit.site.files.GroupFiles;
import io.godwit.site.files.GroupRecord;
import io.godwit.site.guests.Guests;
import io.godwit.site.guests.Ports;
import io.godwit.site.guests.ServiceWatch;
import io.godwit.site.history.Chronicle;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** This site owns the group: its machines run here on disks served from here, and the log is shipped to the peer. */
public final class Serving implements Role {
    private final SiteContext site;
    private final GroupRecord record;
    private final DiskFront front;
    private final Guests guests;
    private final Ports ports;
    private final Replicator replicator;
    private final Chronicle chronicle;
    private final EssentialKeeping essential;
    private final ServiceWatch services;
    private volatile Optional<Ratings> ratings = Optional.empty();
    private @Nullable Shipping shipping;
    private @Nullable Announcer announcer;

    /** Takes the parts over; nothing runs before {@link #activate}. */
    public Serving(SiteContext site, GroupRecord record, DiskFront front, Guests guests, Ports ports) {
        this.site = site;
        this.record = record;
        this.front = front;
        this.guests = guests;
        this.ports = ports;
        this.replicator = new Replicator(
                record.name(),
                front.store(),
                Modes.policy(record.mode()),
                ReplicationLimits.DEFAULT,
                record.definition().asyncDisks().map(DiskDefinition::name).collect(Collectors.toSet()));
        this.chronicle = new Chronicle(front.store(), Clock.systemUTC());
        this.essential = new EssentialKeeping(record, front, guests, chronicle);
        this.services = new ServiceWatch(record.definition(), guests);
        guests.follow(record);
        new GroupFiles(site.config(), record.name()).seeding().applyTo(replicator);
    }

    /**
     * Nobody waits for a replica that isn't there, whatever the group's mode promises, until it is: the other site is lost, and the service
     * would stand still as well.
     */
    void standAlone() {
        replicator.standAlone();
    }

    /** From the next {@link #activate} on, acknowledgements wait for what the voters are told of the replica. */
    void rate(Ratings told) {
        ratings = Optional.of(told);
    }

    private void follow() {
        Set<DiskName> async =
                record.definition().asyncDisks().map(DiskDefinition::name).collect(Collectors.toSet());
        Optional<Ratings> told = ratings;
        front.follow(
                replicator,
                (disk, rule) ->
                        told.isEmpty() || async.contains(disk) ? rule : new PromisedRule(rule, replicator, told.get()));
    }

    /**
     * The least that lets machines that were handed over run: the disks may be written under {@code term}, the addresses lead
     * here, the machines are resumed. {@link #activate} does the rest.
     */
    public synchronized void takeOver(Term term) throws IOException {
        follow();
        front.store().promote(term);
        ports.addresses().forEach(site.edge()::keepHere);
        guests.resume();
    }

    /** What machines need before their QEMUs are started, or their state is loaded: the disks may be written under {@code term}, their addresses lead here. */
    synchronized void prepare(Term term) throws IOException {
        GroupStore store = front.store();
        if (store.term().isOlderThan(term)) {
            store.promote(term);
        }
        follow();
        front.offer();
        ports.attach(Placement.HERE);
    }

    /**
     * Serves under {@code term}: the disks may be written, the machines run, their addresses lead here. What already is so
     * stays; machines that are not there are booted.
     */
    public synchronized void activate(Term term, Preference preference) throws IOException, InterruptedException {
        prepare(term);
        // First: a machine may answer only when the replica has what it waits for.
        if (shipping == null) {
            SiteName peer = record.peerOf(site.name());
            site.keepRateTo(peer);
            shipping = new Shipping(record.name(), site.linkTo(peer), replicator);
        }
        guests.resume();
        guests.bootMissing();
        if (announcer == null) {
            announcer = new Announcer(site.edge().speaker(), ports.addresses(), preference);
        }
        chronicle.speak();
        essential.begin();
        services.begin();
    }

    /** Ends the machines at once, and lets nobody use the disks, until {@link #activate}. */
    public void standStill() throws IOException, InterruptedException {
        standStill(Duration.ZERO);
    }

    /**
     * Like the other, with time for the machines to shut down.
     *
     * @return those whose power was cut
     */
    synchronized List<VmName> standStill(Duration patience) throws IOException, InterruptedException {
        chronicle.hush();
        List<VmName> cut = guests.shutDown(patience);
        front.withdraw();
        return cut;
    }

    DiskFront front() {
        return front;
    }

    CurrentRule rule() {
        return front.rule();
    }

    /** Refuses if a scratch disk holds anything, which machines that run on elsewhere would lose. */
    public void requireBlankScratch() {
        front.requireBlankScratch();
    }

    public GroupStore store() {
        return front.store();
    }

    public Guests guests() {
        return guests;
    }

    public Ports ports() {
        return ports;
    }

    public Replicator replicator() {
        return replicator;
    }

    public Chronicle chronicle() {
        return chronicle;
    }

    /** What keeps the essential state of the machines. */
    public EssentialKeeping essential() {
        return essential;
    }

    /** What is done for the machines, beside running them, is like this from now on. */
    void follow(GroupRecord changed) {
        guests.follow(changed);
        essential.follow(changed.definition());
        services.follow(changed.definition());
    }

    /** What looks whether the services of the machines answer. */
    ServiceWatch services() {
        return services;
    }

    /** The machines, as this site shows them. */
    List<GroupStatus.Vm> machines() {
        return guests.status().stream()
                .map(vm -> new GroupStatus.Vm(
                        vm.name(), vm.address(), vm.state(), essential.status(vm.name()), services.status(vm.name())))
                .toList();
    }

    public synchronized boolean announced() {
        return announcer != null && announcer.announced();
    }

    public synchronized void prefer(Preference preference) {
        if (announcer != null) {
            announcer.prefer(preference);
        }
    }

    /** Why nothing is being shipped, or empty. */
    public synchronized String trouble() {
        String connecting = shipping == null ? "" : shipping.trouble();
        return connecting.isEmpty() ? replicator.status().trouble().orElse("") : connecting;
    }

    /** Ends the machines and all that serves them, and empties their scratch disks; the store stays open and the addresses announced. */
    public synchronized GroupStore retire() throws IOException, InterruptedException {
        services.close();
        essential.close();
        chronicle.close();
        if (announcer != null) {
            announcer.close();
        }
        guests.kill();
        front.close();
        ScratchDisks.discard(new GroupFiles(site.config(), record.name()), record.definition());
        if (shipping != null) {
            shipping.close();
        }
        replicator.close();
        return front.store();
    }

    /** Ends what was never activated; whoever made its parts keeps them. */
    void dismiss() {
        services.close();
        essential.close();
        chronicle.close();
        replicator.close();
    }

    /** Lets go of everything but the machines, which outlive the daemon. */
    public synchronized void leave() throws IOException {
        services.close();
        essential.close();
        chronicle.close();
        if (announcer != null) {
            announcer.close();
        }
        front.store().waitForServers(false);
        if (shipping != null) {
            shipping.close();
        }
        guests.leave();
        front.close();
        replicator.close();
        front.store().close();
    }
}
