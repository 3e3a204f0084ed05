package io.godwit.site;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Groups that are stored at this site and could not be taken up: a disk is away, or a log is damaged whose replica cannot be reached. Each is
 * tried again until it can be; until then nothing of it is served, and everybody who asks is told why.
 */
final class IdleGroups implements AutoCloseable {
    private static final Logger LOG = System.getLogger(IdleGroups.class.getName());
    static final Duration AGAIN = Duration.ofSeconds(10);

    /** Takes a group up, wholly or not at all. */
    interface Attempt {
        void takeUp(GroupName group) throws IOException, InterruptedException;
    }

    private final SiteName site;
    private final Duration again;
    private final Attempt attempt;
    private final Map<GroupName, String> reasons = new ConcurrentSkipListMap<>();
    private final CountDownLatch ending = new CountDownLatch(1);
    private @Nullable Thread thread;

    IdleGroups(SiteName site, Duration again, Attempt attempt) {
        this.site = site;
        this.again = again;
        this.attempt = attempt;
    }

    /** Takes up what can be taken up now, and goes on with the others in the background. */
    void open(List<GroupName> groups) throws InterruptedException {
        for (GroupName group : groups) {
            tryOnce(group, false);
        }
        if (!reasons.isEmpty()) {
            thread = Thread.ofPlatform().daemon().name("idle-groups").start(this::run);
        }
    }

    /** Why each was not taken up when it was last tried. */
    Map<GroupName, String> reasons() {
        return Map.copyOf(reasons);
    }

    /** Refuses what is asked of a group that is here and idle. */
    void requireNone(GroupName group) {
        String reason = reasons.get(group);
        if (reason != null) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "group %s cannot be taken up at site %s: %s (it is tried again every %d s)"
                            .formatted(group, site, reason, again.toSeconds()));
        }
    }

    interface PuttingAway {
        void run() throws IOException;
    }

    /** Tries a group no more, and does something with its files; if that fails it is tried again as before. */
    synchronized void giveUp(GroupName group, PuttingAway putAway) throws IOException {
        requireStillIdle(group);
        putAway.run();
        reasons.remove(group);
    }

    private void requireStillIdle(GroupName group) {
        if (!reasons.containsKey(group)) {
            throw new GodwitException(
                    ErrorCode.CONFLICT, "group %s could be taken up meanwhile: look again".formatted(group));
        }
    }

    private void run() {
        try {
            while (!reasons.isEmpty() && !ending.await(again.toMillis(), TimeUnit.MILLISECONDS)) {
                for (GroupName group : List.copyOf(reasons.keySet())) {
                    tryOnce(group, true);
                }
            }
        } catch (InterruptedException stopped) {
            LOG.log(Level.DEBUG, "the site is stopping", stopped);
        }
    }

    private synchronized void tryOnce(GroupName group, boolean again) throws InterruptedException {
        if (ending.getCount() == 0 || (again && !reasons.containsKey(group))) {
            return;
        }
        try {
            attempt.takeUp(group);
            if (reasons.remove(group) != null) {
                LOG.log(Level.INFO, "group {0} could be taken up now", group);
            }
        } catch (IOException | RuntimeException failed) {
            note(group, failed);
        }
    }

    private void note(GroupName group, Exception failed) {
        boolean told = failed instanceof GodwitException;
        String reason = told ? ((GodwitException) failed).sentence() : String.valueOf(failed.getMessage());
        if (reason.equals(reasons.put(group, reason))) {
            return;
        }
        String sentence = "group %s cannot be taken up, and is tried again every %d s: %s"
                .formatted(group, again.toSeconds(), reason);
        if (told) {
            LOG.log(Level.ERROR, sentence);
        } else {
            LOG.log(Level.ERROR, sentence, failed);
        }
    }

    /** Waits for the attempt under way. */
    @Override
    public void close() {
        ending.countDown();
        Thread trying = thread;
        if (trying != null) {
            try {
                trying.join();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
