package io.godwit.site.drain;

import io.godwit.api.DrainProgress;
import io.godwit.core.GroupName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What happened in a drain so far, for whoever follows it, from its beginning on. Thread-safe. */
final class DrainLog {
    /** A site's most groups, and a dozen lines for each. */
    private static final int MAX_LINES = 12_000;

    private final long began = System.nanoTime();
    private final List<DrainProgress> lines = new ArrayList<>();

    synchronized void say(GroupName group, String sentence) {
        add(Optional.of(group), sentence);
    }

    synchronized void say(String sentence) {
        add(Optional.empty(), sentence);
    }

    private void add(Optional<GroupName> group, String sentence) {
        if (lines.size() < MAX_LINES) {
            lines.add(new DrainProgress(elapsed().toMillis(), group, sentence, Optional.empty()));
        }
    }

    synchronized List<DrainProgress> after(int known) {
        return List.copyOf(lines.subList(known, lines.size()));
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
