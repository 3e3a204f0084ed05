package io.godwit.lab;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.lab.keeper.ControlRequest;
import io.godwit.lab.keeper.ControlRequest.ProcessAction;

/** A process that the lab's keeper runs and starts again when it ends. */
public final class LabProcess {
    private final Lab lab;
    private final String name;

    LabProcess(Lab lab, String name) {
        this.lab = lab;
        this.name = name;
    }

    /** Ends it at once, as a crash does (SIGKILL); the keeper starts it again. */
    public void kill() {
        lab.ask(new ControlRequest.SteerProcess(name, ProcessAction.KILL));
    }

    /** Asks it to end (SIGTERM) and starts it again. */
    public void restart() {
        lab.ask(new ControlRequest.SteerProcess(name, ProcessAction.RESTART));
    }

    /** Asks it to end (SIGTERM, SIGKILL when that does nothing), and leaves it so. */
    public void stop() {
        lab.ask(new ControlRequest.SteerProcess(name, ProcessAction.STOP));
    }

    /** Ends it at once, as {@link #kill} does, and leaves it so. */
    public void cutOff() {
        lab.ask(new ControlRequest.SteerProcess(name, ProcessAction.CUT_OFF));
    }

    /** Has it stand still (SIGSTOP), as a host that is overloaded does. */
    public void pause() {
        lab.ask(new ControlRequest.SteerProcess(name, ProcessAction.PAUSE));
    }

    /** Has it go on after {@link #pause}. */
    public void goOn() {
        lab.ask(new ControlRequest.SteerProcess(name, ProcessAction.CONTINUE));
    }

    /** Starts it again after {@link #stop} or {@link #cutOff}. */
    public void start() {
        lab.ask(new ControlRequest.SteerProcess(name, ProcessAction.START));
    }

    public ProcessStatus status() {
        return lab.status().processes().stream()
                .filter(process -> process.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new GodwitException(
                        ErrorCode.NOT_FOUND, "the lab's keeper runs no process '%s'".formatted(name)));
    }
}
