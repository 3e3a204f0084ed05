package io.godwit.lab.chaos;

import io.godwit.lab.LabSite;
import java.time.Duration;
import java.util.Optional;

/**
 * One more process that is lost while a site takes over. That site is what a {@link Disturbance} calls the owner. For one thread, which looks often.
 */
final class FurtherFault {
    private final Schedule.Further planned;
    private final Inflictor inflictor;
    private final LabSite takesOver;
    private final LabSite lost;
    private final long firstNanos = System.nanoTime();
    private Optional<Long> struckNanos = Optional.empty();
    private Stage stage = Stage.DUE;

    private enum Stage {
        DUE,
        LASTS,
        OVER
    }

    /** The first fault has just struck. */
    FurtherFault(Schedule.Further planned, Inflictor inflictor, LabSite takesOver, LabSite lost) {
        this.planned = planned;
        this.inflictor = inflictor;
        this.takesOver = takesOver;
        this.lost = lost;
    }

    /** Makes it, or takes it back, if its time has come. Returns whether it has struck just now. */
    boolean look() {
        boolean strikes = stage == Stage.DUE
                && passed(firstNanos, planned.after())
                && inflictor.possible(planned.disturbance(), takesOver);
        if (strikes) {
            inflictor.strike(planned.disturbance(), takesOver, lost);
            struckNanos = Optional.of(System.nanoTime());
            stage = Stage.LASTS;
        } else if (stage == Stage.LASTS && passed(struckNanos.orElseThrow(), planned.lasting())) {
            inflictor.mend();
            stage = Stage.OVER;
        }
        return strikes;
    }

    boolean over() {
        return stage == Stage.OVER;
    }

    /** Takes it back, whether its time has come or not, and doesn't make it any more. */
    void end() {
        if (stage == Stage.LASTS) {
            inflictor.mend();
        }
        stage = Stage.OVER;
    }

    /** What was made of it, after the first fault; nothing if its time never came. */
    Optional<ChaosReport.Further> struck() {
        return struckNanos.map(struck -> new ChaosReport.Further(
                planned.disturbance().word(),
                Duration.ofNanos(struck - firstNanos).toMillis()));
    }

    private static boolean passed(long sinceNanos, Duration time) {
        return System.nanoTime() - sinceNanos >= time.toNanos();
    }
}
