package io.godwit.site.drain;

import io.godwit.migration.drain.Candidate;
import io.godwit.migration.drain.DrainPlan;
import java.time.Duration;
import java.util.stream.Collectors;

/** What happens in a drain, in words. */
final class DrainText {
    private DrainText() {}

    static String plan(DrainPlan plan) {
        if (plan.moves().isEmpty()) {
            return "nothing more can be moved";
        }
        return "to be moved: "
                + plan.moves().stream()
                        .map(move -> "%s (%s)"
                                .formatted(
                                        move.candidate().group(),
                                        seconds(move.candidate().estimate().expected())))
                        .collect(Collectors.joining(", "));
    }

    static String leaves(Candidate candidate) {
        return "it leaves for %s, which takes about %s: %s"
                .formatted(
                        candidate.to(),
                        seconds(candidate.estimate().expected()),
                        candidate.estimate().because());
    }

    static String decided(Candidate candidate, Departure departure, Duration took) {
        return departure.hasLeft()
                ? "it runs at %s after %s; %s were expected; %s"
                        .formatted(
                                candidate.to(),
                                seconds(took),
                                seconds(candidate.estimate().expected()),
                                departure.outcome())
                : "it stays, its move was given up after %s: %s".formatted(seconds(took), departure.outcome());
    }

    private static String seconds(Duration duration) {
        return "%.1f s".formatted(duration.toMillis() / 1_000.0);
    }
}
