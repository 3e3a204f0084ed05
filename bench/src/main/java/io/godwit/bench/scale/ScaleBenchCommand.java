package io.godwit.bench.scale;

import io.godwit.bench.BenchReport;
import io.godwit.bench.BenchReport.Row;
import io.godwit.bench.Cleanup;
import io.godwit.bench.Output;
import io.godwit.bench.Scratch;
import io.godwit.bench.Spread;
import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code godwit bench scale}. */
@Command(
        name = "scale",
        mixinStandardHelpOptions = true,
        description = {
            "Measures what a large disk costs, next to a small one with the same content, both sparse.",
            "A ratio of about 1 means that size as such costs nothing."
        },
        footer = {"", "Exit codes: 0 measured; 1 it did not work out; 2 refused."})
public final class ScaleBenchCommand implements Callable<Integer> {
    private static final int MAX_ROUNDS = 1000;
    private static final ByteCount LEAST_DISK = ByteCount.ofMiB(1024);

    @Mixin
    private final Output output = new Output();

    @Option(names = "--rounds", paramLabel = "N", description = "how often each is measured (default ${DEFAULT-VALUE})")
    private int rounds = 5;

    @Option(
            names = "--disks",
            paramLabel = "SIZE",
            split = ",",
            description =
                    "sizes of the disks, the smallest first, to which the others are compared (default ${DEFAULT-VALUE})")
    private List<String> disks = List.of("1GiB", "64GiB", "1TiB");

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<ByteCount> sizes = sizes();
        if (rounds < 1 || rounds > MAX_ROUNDS) {
            throw refusal("--rounds %d: 1 to %d make sense".formatted(rounds, MAX_ROUNDS));
        }
        output.check();
        Path parent = output.parent();
        try (Cleanup cleanup = Cleanup.untilExit()) {
            Scratch scratch = cleanup.add(Scratch.in(parent));
            List<ScaledStore> stores = new ArrayList<>();
            for (ByteCount size : sizes) {
                Path directory = scratch.directory().resolve("d" + stores.size());
                stores.add(cleanup.add(ScaledStore.create(directory, size)));
            }
            output.conclude(new BenchReport("scale", Map.of(), rows(sizes, stores)));
        }
        return 0;
    }

    private List<ByteCount> sizes() {
        List<ByteCount> sizes = disks.stream().map(ByteCount::parse).toList();
        for (int i = 0; i < sizes.size(); i++) {
            boolean whole = sizes.get(i).bytes() % (1 << 20) == 0;
            if (!whole || sizes.get(i).compareTo(i == 0 ? LEAST_DISK : sizes.get(i - 1)) < 0) {
                throw refusal("--disks %s: sizes from %s on in whole MiB are meant, the smallest first"
                        .formatted(String.join(",", disks), LEAST_DISK));
            }
        }
        if (sizes.size() < 2) {
            throw refusal("--disks %s: at least two sizes are compared".formatted(String.join(",", disks)));
        }
        return sizes;
    }

    private List<Row> rows(List<ByteCount> sizes, List<ScaledStore> stores) throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        for (ScaleCase what : ScaleCase.values()) {
            System.err.printf("%s, on %s%n", what.title(), sizes);
            List<Spread> spreads = measure(what, stores);
            for (int i = 1; i < sizes.size(); i++) {
                String title = what.title() + "-of-" + disks.get(i);
                rows.add(Row.of(title, what.unit(), what.betterIs(), spreads.get(i), disks.get(0), spreads.get(0)));
            }
        }
        return rows;
    }

    /** The stores take turns; the first round, in which code is compiled, doesn't count. */
    private List<Spread> measure(ScaleCase what, List<ScaledStore> stores) throws IOException, InterruptedException {
        Map<Integer, List<Double>> figures = new TreeMap<>();
        for (int round = 0; round <= rounds; round++) {
            for (int i = 0; i < stores.size(); i++) {
                double figure = stores.get(i).measure(what);
                if (round > 0) {
                    figures.computeIfAbsent(i, none -> new ArrayList<>()).add(figure);
                }
            }
        }
        return figures.values().stream().map(Spread::of).toList();
    }

    private static GodwitException refusal(String sentence) {
        return new GodwitException(ErrorCode.BAD_INPUT, sentence);
    }
}
