package io.godwit.lab.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Which faults strike, in which order, for how long: all of it follows from a seed. Each strikes once before any does so again. */
record Schedule(List<Entry> entries) {
    record Entry(Disturbance disturbance, Duration lasting) {}

    Schedule {
        entries = List.copyOf(entries);
    }

    static Schedule draw(long seed, List<Disturbance> among, int rounds) {
        Random random = new Random(seed);
        List<Entry> entries = new ArrayList<>();
        while (entries.size() < rounds) {
            List<Disturbance> all = new ArrayList<>(among);
            Collections.shuffle(all, random);
            all.stream()
                    .limit(rounds - entries.size())
                    .forEach(one -> entries.add(new Entry(one, lasting(one, random))));
        }
        return new Schedule(entries);
    }

    private static Duration lasting(Disturbance one, Random random) {
        return Duration.ofMillis(
                random.nextLong(one.least().toMillis(), one.most().toMillis() + 1));
    }
}
