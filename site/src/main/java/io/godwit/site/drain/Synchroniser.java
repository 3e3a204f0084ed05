package io.godwit.site.drain;

import io.godwit.api.ModeReport;
import io.godwit.api.ReplicationMode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes groups synchronous, one after the other in the order in which that was last asked for, while another one may be on its way to the other site. What
 * could not be done is tried again when it is asked for again, but not at once.
 */
final class Synchroniser {
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final Function<GroupName, Departing> groups;
    private final DrainLog log;
    private final Map<GroupName, Long> tried = new HashMap<>();
    private final Map<GroupName, String> failures = new HashMap<>();
    private List<GroupName> wanted = List.of();
    private boolean working;
    private boolean ending;

    Synchroniser(Function<GroupName, Departing> groups, DrainLog log) {
        this.groups = groups;
        this.log = log;
    }

    void start() {
        Thread.ofVirtual().name("drain-synchroniser").start(this::run);
    }

    /** From now on these are to be made synchronous, and no others. */
    synchronized void want(List<GroupName> order) {
        wanted = order;
        notifyAll();
    }

    /** Why a group could not be made synchronous when that was last tried. */
    synchronized Optional<String> failure(GroupName group) {
        return Optional.ofNullable(failures.get(group));
    }

    /** Lets whatever is wanted be tried once more, unless it was ended, waits for what it is at, and ends. */
    void finish() throws InterruptedException {
        synchronized (this) {
            tried.clear();
            notifyAll();
            while (working || (!ending && due() != null)) {
                wait();
            }
        }
        end();
    }

    /** Begins nothing more. */
    synchronized void end() {
        ending = true;
        notifyAll();
    }

    private void run() {
        try {
            for (GroupName next = next(); next != null; next = next()) {
                Optional<String> failure = synchronise(next);
                done(next, failure);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            done(null, Optional.empty());
        }
    }

    private synchronized @Nullable GroupName next() throws InterruptedException {
        while (!ending) {
            GroupName next = due();
            if (next != null) {
                working = true;
                tried.put(next, System.nanoTime());
                return next;
            }
            wait(AGAIN.toMillis());
        }
        return null;
    }

    private @Nullable GroupName due() {
        long now = System.nanoTime();
        return new ArrayList<>(wanted)
                .stream()
                        .filter(group -> !tried.containsKey(group) || now - tried.get(group) > AGAIN.toNanos())
                        .findFirst()
                        .orElse(null);
    }

    private synchronized void done(@Nullable GroupName group, Optional<String> failure) {
        working = false;
        if (group != null) {
            wanted = wanted.stream().filter(other -> !other.equals(group)).toList();
            Optional<String> before = Optional.ofNullable(failures.remove(group));
            failure.ifPresent(reason -> failures.put(group, reason));
            failure.filter(reason -> !before.equals(Optional.of(reason)))
                    .ifPresent(reason -> log.say(group, "it could not be synchronised: " + reason));
        }
        notifyAll();
    }

    /** Returns why it is not done, or nothing. */
    private Optional<String> synchronise(GroupName group) throws InterruptedException {
        try {
            ModeReport report = groups.apply(group).synchronise();
            if (!report.done()) {
                return Optional.of(report.reason());
            }
            log.say(
                    group,
                    "it is synchronous after %.1f s: what it acknowledges is at the other site as well%s"
                            .formatted(
                                    report.tookMillis() / 1_000.0,
                                    report.from() == ReplicationMode.Kind.SYNC
                                            ? ""
                                            : "; its mode was " + ReplicationMode.word(report.from())));
            return Optional.empty();
        } catch (GodwitException refused) {
            return Optional.of(refused.sentence());
        } catch (RuntimeException broken) {
            return Optional.of(String.valueOf(broken.getMessage()));
        }
    }
}
