package io.godwit.site.group;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.replication.CopyImport;
import io.godwit.site.SiteConfig;
import io.godwit.site.files.GroupFiles;
import io.godwit.volume.CarriedCopy;
import io.godwit.volume.CopyManifest;
import io.godwit.volume.DiskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Carried copies of groups that this site doesn't know yet: their images are put where the replica's will be, and are compared
 * when the group is replicated here. One is taken over at a time.
 */
public final class EarlyCopies {
    private final SiteConfig config;
    private final Object groups;
    private final Predicate<GroupName> known;
    private @Nullable CopyTask active;

    /** @param groups its lock keeps groups from becoming known */
    public EarlyCopies(SiteConfig config, Object groups, Predicate<GroupName> known) {
        this.config = config;
        this.groups = groups;
        this.known = known;
    }

    public synchronized CopyTask importFrom(CarriedCopy copy, CopyManifest manifest) throws IOException {
        if (active != null && !active.hasEnded()) {
            throw GroupAgent.refusal("another group's copy is being imported here");
        }
        GroupFiles files = new GroupFiles(config, manifest.group());
        if (Files.exists(files.store())) {
            throw GroupAgent.refusal("%s holds a store of group %s: nothing is imported over it"
                    .formatted(files.store(), manifest.group()));
        }
        files.makeDirectories();
        List<DiskSpec> images = manifest.disks().stream()
                .map(disk -> new DiskSpec(disk.name(), disk.size(), files.replica(disk.name())))
                .toList();
        CopyImport coming = new CopyImport(copy, manifest, images);
        CopyTask task = new CopyTask(
                manifest.group(), copy.directory(), "it waits for the group to be replicated here", watch -> {
                    try (coming) {
                        coming.stage(watch);
                        place(coming, manifest.group());
                    }
                    return manifest;
                });
        active = task;
        return task;
    }

    private void place(CopyImport coming, GroupName group) throws IOException {
        synchronized (groups) {
            if (known.test(group)) {
                throw new GodwitException(
                        ErrorCode.CONFLICT,
                        "group %s has begun to be replicated here meanwhile: import it again".formatted(group));
            }
            coming.place();
        }
    }

    /** Ends what is under way. */
    public synchronized void leave() {
        if (active != null) {
            active.giveUp("the site is stopping");
            active.awaitEnd();
        }
    }
}
