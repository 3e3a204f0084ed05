package io.godwit.site.group;

import io.godwit.api.SeedingWish;
import io.godwit.api.SetAsideReport;
import io.godwit.replication.Replica;
import io.godwit.site.files.SeedingRule;
import io.godwit.volume.SetAside;
import java.io.IOException;
import java.nio.file.Path;

/** What people may ask about the copies of a group's disks: how fast they are made, and what was set aside of them. */
public final class GroupCopies {
    private final GroupAgent agent;
    private final SetAside aside;

    GroupCopies(GroupAgent agent) {
        this.agent = agent;
        this.aside = Replica.setAside(agent.files().store());
    }

    /** Changes how fast the disks are copied, also of a copy under way; returns what is the rule then. */
    public String seed(SeedingWish wish) {
        agent.changing().lock();
        try {
            if (!(agent.role() instanceof Serving serving)) {
                throw GroupAgent.refusal("group %s runs at %s: ask that site to change how it is copied"
                        .formatted(agent.name(), agent.record().owner()));
            }
            SeedingRule rule = agent.files().seeding().with(wish);
            agent.files().save(rule);
            rule.applyTo(serving.replicator());
            return rule.sentence();
        } finally {
            agent.changing().unlock();
        }
    }

    public SetAsideReport setAside() throws IOException {
        return new SetAsideReport(
                agent.name(), aside.list().stream().map(GroupCopies::entry).toList());
    }

    private static SetAsideReport.Entry entry(SetAside.Entry kept) {
        return new SetAsideReport.Entry(
                kept.id(), kept.from(), kept.to(), kept.whole(), kept.changes(), kept.changedBytes(), kept.at());
    }

    public String export(String id, String file) throws IOException {
        Path path = LocalPath.parse(file);
        SetAside.Entry kept = aside.export(id, path);
        return "%d changes of %s are in %s, as a segment of a log".formatted(kept.changes(), kept.changedBytes(), path);
    }

    public String drop(String id) throws IOException {
        SetAside.Entry kept = aside.drop(id);
        return "%d changes of %s are gone".formatted(kept.changes(), kept.changedBytes());
    }
}
