package io.godwit.lab.keeper;

import io.godwit.core.DurableFile;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import io.godwit.lab.DaemonSpec;
import io.godwit.lab.LabName;
import io.godwit.lab.LabPaths;
import io.godwit.lab.ProcessStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The daemons of a lab, by name, each started again when it ends; which of them run is on record in a file. */
final class Supervisor implements AutoCloseable {
    private static final int MAX_PROCESSES = 64;

    private final LabName lab;
    private final LabPaths paths;
    private final EventLog events;
    private final Map<String, SupervisedProcess> processes = new LinkedHashMap<>();
    private final Object recordLock = new Object();

    Supervisor(LabName lab, LabPaths paths, EventLog events) {
        this.lab = lab;
        this.paths = paths;
        this.events = events;
    }

    synchronized void start(DaemonSpec daemon) {
        if (processes.containsKey(daemon.name())) {
            throw new GodwitException(
                    ErrorCode.CONFLICT, "the lab already has a process called '%s'".formatted(daemon.name()));
        }
        if (processes.size() == MAX_PROCESSES) {
            throw new GodwitException(
                    ErrorCode.CONFLICT, "a lab looks after %d processes at most".formatted(MAX_PROCESSES));
        }
        processes.put(
                daemon.name(),
                new SupervisedProcess(daemon, lab, paths.logs().resolve(daemon.name() + ".log"), events, this::record));
    }

    void steer(String name, ControlRequest.ProcessAction action) {
        SupervisedProcess process = process(name);
        switch (action) {
            case KILL -> process.kill();
            case RESTART -> process.restart();
            case STOP -> process.stop();
            case CUT_OFF -> process.cutOff();
            case PAUSE -> process.signal("STOP");
            case CONTINUE -> process.signal("CONT");
            case START -> process.start();
        }
    }

    synchronized List<ProcessStatus> status() {
        return processes.values().stream().map(SupervisedProcess::status).toList();
    }

    /** Stops all, at the same time. */
    @Override
    public void close() {
        List<SupervisedProcess> all;
        synchronized (this) {
            all = List.copyOf(processes.values());
        }
        all.forEach(SupervisedProcess::beginClosing);
        all.forEach(SupervisedProcess::close);
    }

    private synchronized SupervisedProcess process(String name) {
        SupervisedProcess process = processes.get(name);
        if (process == null) {
            throw new GodwitException(
                    ErrorCode.NOT_FOUND,
                    "the lab has no process '%s'; it has: %s".formatted(name, String.join(", ", processes.keySet())));
        }
        return process;
    }

    private void record() {
        synchronized (recordLock) {
            List<ProcessIdentity> running = status().stream()
                    .filter(ProcessStatus::running)
                    .flatMap(process -> ProcessIdentity.of(process.pid()).stream())
                    .toList();
            try {
                new DurableFile(paths.processes()).write(Json.bytes(running));
            } catch (IOException full) {
                throw new UncheckedIOException("cannot record which processes run", full);
            }
        }
    }
}
