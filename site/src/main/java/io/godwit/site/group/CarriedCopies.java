package io.godwit.site.group;

import io.godwit.core.BitRate;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.replication.CopyExport;
import io.godwit.replication.CopyImport;
import io.godwit.site.files.GroupFiles;
import io.godwit.site.files.GroupRecord;
import io.godwit.volume.CarriedCopy;
import io.godwit.volume.CopyManifest;
import io.godwit.volume.CopyWatch;
import io.godwit.volume.DiskSpec;
import io.godwit.volume.PatchStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Copies of a group's disks that people carry from site to site; one is made or taken over at a time. */
public final class CarriedCopies {
    private final GroupAgent agent;
    private @Nullable CopyTask active;

    CarriedCopies(GroupAgent agent) {
        this.agent = agent;
    }

    /** Begins to copy the disks, as of one moment, while they are used. */
    public synchronized CopyTask exportTo(Path directory, Optional<BitRate> maxRate) {
        requireIdle();
        if (!(agent.role() instanceof Serving serving)) {
            throw GroupAgent.refusal("group %s runs at %s: ask that site to export it"
                    .formatted(agent.name(), agent.record().owner()));
        }
        OptionalLong rate = maxRate.map(most -> OptionalLong.of(most.bitsPerSecond() / Byte.SIZE))
                .orElse(OptionalLong.empty());
        return begin(
                directory,
                "carry it to the other site and import it there",
                watch -> new CopyExport(
                                agent.name(),
                                serving.store(),
                                agent.files().exporting(),
                                rate,
                                whileServing(serving, watch))
                        .into(directory));
    }

    private CopyTask begin(Path directory, String done, CopyTask.Work work) {
        CopyTask task = new CopyTask(agent.name(), directory, done, work);
        active = task;
        return task;
    }

    private void requireIdle() {
        if (active != null && !active.hasEnded()) {
            throw GroupAgent.refusal(
                    "a copy of group %s is being exported or imported here already".formatted(agent.name()));
        }
    }

    private CopyWatch whileServing(Serving serving, CopyWatch watch) {
        return new CopyWatch() {
            @Override
            public void begin(Step step, long bytes) {
                watch.begin(step, bytes);
            }

            @Override
            public void done(long bytes) {
                if (agent.role() != serving) {
                    throw new GodwitException(ErrorCode.FAILED, "group %s no longer runs here".formatted(agent.name()));
                }
                watch.done(bytes);
            }
        };
    }

    /** Begins to take a copy over, in place of a replica that is not complete. */
    public synchronized CopyTask importFrom(CarriedCopy copy, CopyManifest manifest) {
        requireIdle();
        following().replica().requireReplaceable();
        boolean home = agent.record().home().equals(agent.site().name());
        List<DiskSpec> images = agent.files().disks(agent.record().definition(), home);
        CopyImport coming = new CopyImport(copy, manifest, images);
        return begin(copy.directory(), "what differs by now is shipped when the owner is connected", watch -> {
            try (coming) {
                coming.stage(watch);
                place(coming);
            }
            return manifest;
        });
    }

    private void place(CopyImport coming) throws InterruptedException {
        agent.changing().lock();
        try {
            following().replica().replaceImages(coming);
        } finally {
            agent.changing().unlock();
        }
    }

    private Following following() {
        if (!(agent.role() instanceof Following following)) {
            throw GroupAgent.refusal("group %s runs here: nothing is imported over its disks".formatted(agent.name()));
        }
        return following;
    }

    /** Removes what copies that a stop interrupted have left. */
    static void dropLeftovers(GroupFiles files, GroupRecord record, boolean home) throws IOException {
        PatchStore.delete(files.exporting());
        CopyImport.dropStaged(files.disks(record.definition(), home));
    }

    /** Ends what is under way. */
    synchronized void leave() {
        if (active != null) {
            active.giveUp("the site is stopping");
            active.awaitEnd();
        }
    }
}
