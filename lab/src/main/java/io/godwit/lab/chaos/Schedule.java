package io.godwit.lab.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which faults strike, in which order, when, for how long: all of it follows from a seed. */
record Schedule(List<Entry> entries) {
    /** A loss strikes at some moment within so long. */
    private static final Duration SOME_MOMENT = Duration.ofSeconds(3);

    /** A lease, and the time that a machine takes to boot at least. */
    private static final Duration WHILE_TAKEN_OVER = Duration.ofSeconds(8);

    /** Each of what a takeover consists of, named as if the site that takes over were the owner already. */
    private static final List<Disturbance> FURTHER = List.of(
            Disturbance.OWNER_DAEMON_KILLED,
            Disturbance.MACHINE_KILLED,
            Disturbance.OWNER_EDGE_KILLED,
            Disturbance.WITNESS_KILLED);

    /**
     * One fault.
     *
     * @param after for how long all has been well before it strikes
     * @param lasting how long it lasts, or lasts at most if it ends with {@code untilServed}
     * @param untilServed whether it is taken back as soon as another site serves
     * @param further what else happens meanwhile
     */
    record Entry(
            Disturbance disturbance, Duration after, Duration lasting, boolean untilServed, Optional<Further> further) {
        /** What may be expected: whoever waits for two faults to be overcome may have to wait for one after the other. */
        Expectation expectation() {
            Expectation first = disturbance.expectation(lasting);
            return further.map(Further::waiting)
                    .<Expectation>map(
                            more -> new Expectation.TakenOver(first.longestGap().plus(more)))
                    .orElse(first);
        }
    }

    /**
     * A second fault, while the other site takes over.
     *
     * @param after the first; later if there is no such process yet
     */
    record Further(Disturbance disturbance, Duration after, Duration lasting) {
        private Duration waiting() {
            return lasting.plus(disturbance.expectation(lasting).longestGap());
        }
    }

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
                    .forEach(one ->
                            entries.add(new Entry(one, Duration.ZERO, lasting(one, random), false, Optional.empty())));
        }
        return new Schedule(entries);
    }

    /** The site that serves is lost, again and again, each time at a random moment and until the other one serves. */
    static Schedule losses(long seed, int rounds) {
        Random random = new Random(seed);
        return new Schedule(Stream.generate(() -> loss(random, Optional.empty()))
                .limit(rounds)
                .toList());
    }

    /** The same, and one process of what takes over is killed each time before it has: each in turn, at a random moment. */
    static Schedule lossesAndFurther(long seed, int rounds) {
        Random random = new Random(seed);
        return new Schedule(IntStream.range(0, rounds)
                .mapToObj(round -> loss(random, Optional.of(further(FURTHER.get(round % FURTHER.size()), random))))
                .toList());
    }

    private static Entry loss(Random random, Optional<Further> further) {
        Disturbance loss = Disturbance.OWNER_POWER;
        Duration served = loss.expectation(loss.most()).longestGap();
        Duration longest = further.map(Further::waiting).map(served::plus).orElse(served);
        return new Entry(loss, moment(SOME_MOMENT, random), longest, true, further);
    }

    private static Further further(Disturbance one, Random random) {
        return new Further(one, moment(WHILE_TAKEN_OVER, random), lasting(one, random));
    }

    private static Duration moment(Duration within, Random random) {
        return Duration.ofMillis(random.nextLong(within.toMillis() + 1));
    }

    private static Duration lasting(Disturbance one, Random random) {
        return Duration.ofMillis(
                random.nextLong(one.least().toMillis(), one.most().toMillis() + 1));
    }
}
