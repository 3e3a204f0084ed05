package io.godwit.lab.demo;

import io.godwit.lab.Lab;
import io.godwit.lab.LabSpec;
import java.util.function.Consumer;

/** A lab that is taken down when it is closed, or when this program is told to end before that, as Ctrl-C does. */
public final class PassingLab implements AutoCloseable {
    private final Lab lab;
    private final Consumer<Lab> takingDown;
    private final Thread hook;
    private boolean down;
    private boolean interrupted;

    private PassingLab(Lab lab, Consumer<Lab> takingDown) {
        this.lab = lab;
        this.takingDown = takingDown;
        this.hook = new Thread(this::interrupt, "lab-removal");
    }

    /** Brings it up. */
    public static PassingLab up(LabSpec spec, Consumer<Lab> takingDown) {
        PassingLab passing = new PassingLab(Lab.up(spec), takingDown);
        Runtime.getRuntime().addShutdownHook(passing.hook);
        return passing;
    }

    public Lab lab() {
        return lab;
    }

    /** Whether this program was told to end before the lab was closed: what failed since is a consequence. */
    public synchronized boolean interrupted() {
        return interrupted;
    }

    private synchronized void interrupt() {
        if (!down) {
            interrupted = true;
            takeDown();
        }
    }

    /** Done by whoever comes first, while the others wait for it. */
    private synchronized void takeDown() {
        if (!down) {
            down = true;
            takingDown.accept(lab);
        }
    }

    @Override
    public void close() {
        takeDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException endingAnyway) {
            // The hook was, or is, at work.
        }
    }
}
