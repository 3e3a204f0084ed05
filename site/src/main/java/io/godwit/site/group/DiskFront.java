package io.godwit.site.group;

import io.godwit.core.GroupName;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.DurabilityRule;
import io.godwit.volume.GroupStore;
import io.godwit.volume.nbd.NbdExport;
import io.godwit.volume.nbd.NbdServer;
import java.io.IOException;
import java.util.List;

/** A group's disks as its machines at this site see them: NBD exports over the store, under the rule in force. */
public final class DiskFront implements AutoCloseable {
    private final GroupStore store;
    private final CurrentRule rule;
    private final NbdServer server;
    private final GroupName group;
    private final DiskReaders readers;
    private final List<NbdExport> exports;
    private boolean withdrawn;

    /** Opens the exports with the rule that the local log is enough. */
    public DiskFront(GroupFiles files, GroupStore store, DiskReaders readers) throws IOException {
        this.store = store;
        this.group = files.group();
        this.readers = readers;
        this.rule = new CurrentRule(DurabilityRule.local(store));
        this.exports = store.disks().stream()
                .map(DiskSpec::name)
                .map(name -> new NbdExport(name.value(), store.disk(name), rule))
                .toList();
        this.server = new NbdServer(files.nbdSocket(), exports);
        readers.offer(group, store);
    }

    /** Offers the disks to nobody any more: no client reads or writes when this returns. */
    public synchronized void withdraw() throws IOException, InterruptedException {
        readers.withdraw(group, store);
        for (NbdExport export : exports) {
            server.remove(export.name());
        }
        withdrawn = true;
    }

    /** Offers the disks, if they had been withdrawn. */
    public synchronized void offer() {
        if (withdrawn) {
            exports.forEach(server::add);
            readers.offer(group, store);
            withdrawn = false;
        }
    }

    public GroupStore store() {
        return store;
    }

    public CurrentRule rule() {
        return rule;
    }

    @Override
    public void close() throws IOException {
        store.waitForServers(false);
        try {
            readers.withdraw(group, store);
            server.close();
        } finally {
            store.waitForServers(true);
        }
    }
}
