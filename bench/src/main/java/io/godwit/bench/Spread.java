package io.godwit.bench;

import java.util.List;

/** How a figure came out over several rounds. */
public record Spread(double median, double min, double max) {
    /** The spread of the figures of all rounds, of which there is at least one. */
    public static Spread of(List<Double> figures) {
        List<Double> sorted = figures.stream().sorted().toList();
        double median = (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
        return new Spread(rounded(median), rounded(sorted.getFirst()), rounded(sorted.getLast()));
    }

    /** No figure is known to more than a tenth. */
    private static double rounded(double figure) {
        return Math.round(figure * 10) / 10.0;
    }
}
