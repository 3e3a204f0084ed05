package io.godwit.lab.chaos;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A fault that is made for a while and taken back. <em>Owner</em> is the site that serves the group when it strikes, <em>other</em> is the one with
 * the replica.
 */
enum Disturbance {
    WAN_DOWN("the link between the sites carries nothing", 60, 60),
    WAN_ONE_WAY("the link between the sites carries nothing from owner to other", 15, 25),
    WAN_POOR("the link between the sites carries 2 Mbit/s and loses 5 % of its frames", 20, 30),
    WITNESS_KILLED("the witness is killed, and away", 8, 15),
    WITNESS_PAUSED("the witness stands still", 8, 15),
    WITNESS_CUT_OFF("the witness hears nobody and is not heard", 8, 15),
    OWNER_DAEMON_KILLED("the owner's daemon is killed; it is started again at once", 1, 3),
    OWNER_DAEMON_STALLED(
            "the owner's daemon stands still, for longer than its lease and no longer than it is waited for", 5, 40),
    OWNER_DAEMON_PAUSED("the owner's daemon stands still, for longer than it is waited for", 60, 70),
    OTHER_DAEMON_KILLED("the other site's daemon is killed; it is started again at once", 1, 3),
    OTHER_DAEMON_PAUSED("the other site's daemon stands still", 8, 15),
    MACHINE_KILLED("the machine's QEMU is killed", 1, 3),
    OWNER_EDGE_KILLED("the BGP speaker of the owner's edge is killed; it is started again at once", 1, 3),
    OTHER_CORE_DOWN("the other site's link to the core carries nothing", 10, 20),
    OWNER_CORE_DOWN("the owner's link to the core carries nothing: it is served, and not reached", 10, 15),
    OTHER_CUT_OFF("all links of the other site carry nothing", 15, 25),
    OWNER_CUT_OFF("all links of the owner carry nothing", 15, 25),
    OTHER_POWER("the other site loses power", 10, 20),
    OWNER_POWER("the owner's site loses power", 15, 25);

    /** For so long the other site waits, after a lease, for a daemon whose host is there. */
    static final Duration PATIENCE = Duration.ofSeconds(45);

    /** Voters elect another leader; leases last meanwhile. */
    private static final Duration ELECTED = Duration.ofSeconds(5);

    /** After 5 s nobody waits for a replica that is out of reach any more, once the voters know. */
    private static final Duration DEGRADED = Duration.ofSeconds(15);

    /** A daemon starts and has its disks answer again, before the other site's patience is over. */
    private static final Duration RESTARTED = Duration.ofSeconds(50);

    /** A machine boots; no voter is asked. */
    private static final Duration BOOTED = Duration.ofSeconds(60);

    /** A lease, and a machine that boots. */
    private static final Duration TAKEN_OVER = Duration.ofSeconds(90);

    /** Routers find each other again. */
    private static final Duration ROUTED = Duration.ofSeconds(15);

    private final String sentence;
    private final Duration least;
    private final Duration most;

    Disturbance(String sentence, int leastSeconds, int mostSeconds) {
        this.sentence = sentence;
        this.least = Duration.ofSeconds(leastSeconds);
        this.most = Duration.ofSeconds(mostSeconds);
    }

    static Disturbance parse(String word) {
        return Arrays.stream(values())
                .filter(one -> one.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new GodwitException(
                        ErrorCode.BAD_INPUT, "'%s' is not a fault: there are %s".formatted(word, words())));
    }

    private static String words() {
        return Arrays.stream(values()).map(Disturbance::word).collect(Collectors.joining(", "));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String sentence() {
        return sentence;
    }

    Duration least() {
        return least;
    }

    Duration most() {
        return most;
    }

    /** What may be expected of it if it lasts so long. */
    Expectation expectation(Duration lasting) {
        return switch (this) {
            case WITNESS_KILLED, WITNESS_PAUSED, WITNESS_CUT_OFF, OTHER_CORE_DOWN -> new Expectation.Stays(ELECTED);
            case WAN_DOWN,
                    WAN_ONE_WAY,
                    WAN_POOR,
                    OTHER_DAEMON_KILLED,
                    OTHER_DAEMON_PAUSED,
                    OTHER_CUT_OFF,
                    OTHER_POWER -> new Expectation.Stays(DEGRADED);
            case OWNER_DAEMON_KILLED, OWNER_DAEMON_STALLED -> new Expectation.Stays(RESTARTED);
            case MACHINE_KILLED -> new Expectation.Stays(BOOTED);
            case OWNER_EDGE_KILLED -> new Expectation.Stays(ROUTED);
            case OWNER_CORE_DOWN -> new Expectation.Stays(lasting.plus(ROUTED));
            case OWNER_CUT_OFF, OWNER_POWER -> new Expectation.TakenOver(TAKEN_OVER);
            case OWNER_DAEMON_PAUSED -> new Expectation.TakenOver(TAKEN_OVER.plus(PATIENCE));
        };
    }

    /** Whether the service is to go on where it is. */
    boolean falseAlarm() {
        return expectation(most) instanceof Expectation.Stays;
    }
}
