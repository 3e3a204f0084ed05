package io.godwit.site.disks;

import io.godwit.api.GroupDefinition;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.replication.Replicator;
import io.godwit.site.SiteContext;
import io.godwit.site.files.GroupFiles;
import io.godwit.site.tenure.DiskLease;
import io.godwit.volume.DurabilityRule;
import io.godwit.volume.GroupStore;
import io.godwit.volume.nbd.NbdExport;
import io.godwit.volume.nbd.NbdServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A group's disks as its machines at this site see them: NBD exports over the store, under the rule in force, and scratch disks. */
public final class DiskFront implements AutoCloseable {
    private final GroupStore store;
    private final CurrentRule rule;
    private final Map<DiskName, CurrentRule> rules = new LinkedHashMap<>();
    private final NbdServer server;
    private final GroupName group;
    private final DiskReaders readers;
    private final ScratchDisks scratch;
    private final List<NbdExport> exports;
    private boolean offered;

    /** Offers the disks to machines that are expected here. */
    public static DiskFront expecting(
            SiteContext site, GroupFiles files, GroupDefinition definition, GroupStore store, DiskLease lease)
            throws IOException {
        return new DiskFront(site, files, definition, store, first -> CurrentRule.expecting(first, lease));
    }

    /** Offers the disks; until it is known whose the group is, whoever writes or flushes waits. */
    public static DiskFront held(
            SiteContext site, GroupFiles files, GroupDefinition definition, GroupStore store, DiskLease lease)
            throws IOException {
        return new DiskFront(site, files, definition, store, first -> CurrentRule.held(first, lease));
    }

    private DiskFront(
            SiteContext site,
            GroupFiles files,
            GroupDefinition definition,
            GroupStore store,
            Function<DurabilityRule, CurrentRule> first)
            throws IOException {
        this.store = store;
        this.group = files.group();
        this.server = site.disks();
        this.readers = site.readers();
        this.rule = first.apply(DurabilityRule.local(store));
        store.disks().forEach(disk -> rules.put(disk.name(), first.apply(DurabilityRule.local(store))));
        this.scratch = ScratchDisks.open(files, definition);
        this.exports = new ArrayList<>(scratch.exports());
        rules.forEach((name, own) -> exports.add(new NbdExport(export(group, name), store.disk(name), own)));
        offer();
    }

    /** The name under which a disk is offered. */
    public static String export(GroupName group, DiskName disk) {
        return "%s/%s".formatted(group, disk);
    }

    /** Offers the disks to nobody any more: no client reads or writes when this returns. */
    public synchronized void withdraw() throws IOException, InterruptedException {
        if (offered) {
            offered = false;
            rules.values().forEach(own -> own.withdrawn(true));
            readers.withdraw(group, store);
            for (NbdExport export : exports) {
                server.remove(export.name());
            }
        }
    }

    /** Offers the disks, if they are not offered already. */
    public final synchronized void offer() {
        if (!offered) {
            rules.values().forEach(own -> own.withdrawn(false));
            exports.forEach(server::add);
            readers.offer(group, store);
            offered = true;
        }
    }

    /** Refuses if a scratch disk holds anything, which machines that run on elsewhere would lose. */
    public void requireBlankScratch() {
        try {
            scratch.requireBlank();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The names under which disks are offered. */
    List<String> exports() {
        return exports.stream().map(NbdExport::name).toList();
    }

    public GroupStore store() {
        return store;
    }

    /** The rule for who writes to the group as a whole. */
    public CurrentRule rule() {
        return rule;
    }

    /** What a disk's clients wait for. */
    public DurabilityRule rule(DiskName disk) {
        CurrentRule own = rules.get(disk);
        if (own == null) {
            throw new GodwitException(ErrorCode.NOT_FOUND, "group %s has no disk %s".formatted(group, disk));
        }
        return own;
    }

    /** From now on each disk's clients wait as its class and the group's mode say. */
    public void follow(Replicator replicator) {
        follow(replicator, (disk, rule) -> rule);
    }

    /**
     * The same, where something else is waited for as well.
     *
     * @param last what a disk's clients wait for, made of what they wait for otherwise
     */
    public void follow(Replicator replicator, BiFunction<DiskName, DurabilityRule, DurabilityRule> last) {
        rule.become(replicator);
        rules.forEach((name, own) -> own.become(last.apply(name, replicator.rule(name))));
    }

    @Override
    public void close() throws IOException {
        store.waitForServers(false);
        rule.close();
        rules.values().forEach(CurrentRule::close);
        try {
            withdraw();
            scratch.close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(
                    "interrupted while the disks of group %s were withdrawn".formatted(group), interrupted);
        } finally {
            store.waitForServers(true);
        }
    }
}
