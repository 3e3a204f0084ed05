package io.godwit.lab.chaos;

import io.godwit.core.SiteName;
import java.time.Duration;
import java.util.Optional;

/** What a service's user may expect of a fault. */
sealed interface Expectation {
    /** The service goes on at the site where it is; its client waits for no answer for longer than that. */
    record Stays(Duration longestGap) implements Expectation {}

    /** The other site takes it over, and its client is answered again within that time. */
    record TakenOver(Duration longestGap) implements Expectation {}

    Duration longestGap();

    default String inWords(SiteName owner, SiteName other) {
        long seconds = longestGap().toSeconds();
        return switch (this) {
            case Stays _ -> "stays at %s, no gap longer than %d s".formatted(owner, seconds);
            case TakenOver _ -> "taken over by %s, served within %d s".formatted(other, seconds);
        };
    }

    /** What was not as expected. */
    default Optional<String> broken(SiteName before, SiteName after, Duration gap) {
        boolean stayed = before.equals(after);
        boolean wrongSite = switch (this) {
            case Stays _ -> !stayed;
            case TakenOver _ -> stayed;
        };
        if (wrongSite) {
            return Optional.of(stayed ? "it was not taken over" : "it was taken over by " + after);
        }
        return gap.compareTo(longestGap()) > 0
                ? Optional.of("the client waited %.1f s".formatted(gap.toMillis() / 1000.0))
                : Optional.empty();
    }
}
