package io.godwit.lab.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Which faults strike, in which order, when, for how long: all of it follows from a seed. */
record Schedule(List<Entry> entries) {
    /** A loss strikes at some moment within so long. */
    private static final Duration SOME_MOMENT = Duration.ofSeconds(3);

    /**
     * One fault.
     *
     * @param after for how long all has been well before it strikes
     * @param lasting how long it lasts, or lasts at most if it ends with {@code untilServed}
     * @param untilServed whether it is taken back as soon as another site serves
     */
    record Entry(Disturbance disturbance, Duration after, Duration lasting, boolean untilServed) {}

    Schedule {
        entries = List.copyOf(entries);
    }

    /** Each strikes once before any does so again. */
    static Schedule draw(long seed, List<Disturbance> among, int rounds) {
        Random random = new Random(seed);
        List<Entry> entries = new ArrayList<>();
        while (entries.size() < rounds) {
            List<Disturbance> all = new ArrayList<>(among);
            Collections.shuffle(all, random);
            all.stream()
                    .limit(rounds - entries.size())
                    .forEach(one -> entries.add(new Entry(one, Duration.ZERO, lasting(one, random), false)));
        }
        return new Schedule(entries);
    }

    /** The site that serves is lost, again and again, each time at a random moment and until the other one serves. */
    static Schedule losses(long seed, int rounds) {
        Random random = new Random(seed);
        Disturbance loss = Disturbance.OWNER_POWER;
        Duration longest = loss.expectation(loss.most()).longestGap();
        return new Schedule(Stream.generate(() -> Duration.ofMillis(random.nextLong(SOME_MOMENT.toMillis() + 1)))
                .limit(rounds)
                .map(after -> new Entry(loss, after, longest, true))
                .toList());
    }

    private static Duration lasting(Disturbance one, Random random) {
        return Duration.ofMillis(
                random.nextLong(one.least().toMillis(), one.most().toMillis() + 1));
    }
}
