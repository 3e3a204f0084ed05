package io.godwit.site.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A page in Prometheus' text format, version 0.0.4: families of samples, each family named, explained and typed once,
 * whatever the order in which samples come. For one thread.
 */
final class Exposition {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** What the numbers of a family do. */
    enum Type {
        GAUGE("gauge"),
        COUNTER("counter");

        private final String word;

        Type(String word) {
            this.word = word;
        }
    }

    private record Family(Type type, String help, List<String> samples) {}

    private final Map<String, Family> families = new LinkedHashMap<>();

    /**
     * Adds a sample to its family.
     *
     * @param labels names and values in turns
     */
    void add(Type type, String name, String help, long value, String... labels) {
        sample(type, name, help, Long.toString(value), labels);
    }

    /**
     * Adds a sample to its family.
     *
     * @param labels names and values in turns
     */
    void add(Type type, String name, String help, double value, String... labels) {
        sample(type, name, help, number(value), labels);
    }

    private void sample(Type type, String name, String help, String value, String... labels) {
        families.computeIfAbsent(name, fresh -> new Family(type, help, new ArrayList<>()))
                .samples()
                .add(name + braces(labels) + " " + value);
    }

    private static String braces(String... labels) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < labels.length; i += 2) {
            text.append(i == 0 ? "{" : ",")
                    .append(labels[i])
                    .append("=\"")
                    .append(escaped(labels[i + 1]).replace("\"", "\\\""))
                    .append('"');
        }
        return labels.length == 0 ? "" : text.append('}').toString();
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n");
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < Long.MAX_VALUE
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    String text() {
        StringBuilder page = new StringBuilder();
        families.forEach((name, family) -> {
            page.append("# HELP %s %s%n".formatted(name, escaped(family.help())).replace("\r\n", "\n"));
            page.append("# TYPE ")
                    .append(name)
                    .append(' ')
                    .append(family.type().word)
                    .append('\n');
            family.samples().forEach(sample -> page.append(sample).append('\n'));
        });
        return page.toString();
    }
}
