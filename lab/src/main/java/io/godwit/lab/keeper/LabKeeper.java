package io.godwit.lab.keeper;

import io.godwit.core.DurableFile;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import io.godwit.lab.LabEvent;
import io.godwit.lab.LabPaths;
import io.godwit.lab.LabSpec;
import io.godwit.lab.LabStatus;
import io.godwit.lab.Place;
import io.godwit.lab.net.CoreRouter;
import io.godwit.lab.net.LabNetwork;
import io.godwit.lab.net.SiteDisk;
import io.godwit.lab.net.SiteSpeaker;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * The process that holds a lab from up to down. It makes everything, then answers on the control socket; that the
 * socket answers is the sign that the lab is ready. Ended by SIGTERM, it stops the daemons; what it made and what its
 * daemons started (guests) is removed by whoever takes the lab down, which works the same when it was killed.
 */
public final class LabKeeper {
    private static final System.Logger LOG = System.getLogger(LabKeeper.class.getName());

    private final LabSpec spec;
    private final LabPaths paths;
    private final EventLog events = new EventLog(Clock.systemUTC());
    private final LabNetwork network;
    private final Supervisor supervisor;

    private LabKeeper(LabSpec spec, LabPaths paths) throws IOException {
        this.spec = spec;
        this.paths = paths;
        this.network = LabNetwork.build(spec);
        this.supervisor = new Supervisor(spec.name(), paths, events);
    }

    /** Holds the lab whose state directory and directory for sockets are given. */
    public static void main(String[] args) throws IOException, InterruptedException {
        LabPaths paths = new LabPaths(Path.of(args[0]), Path.of(args[1]));
        try {
            new DurableFile(paths.keeper()).write(Json.bytes(ProcessIdentity.ofThisProcess()));
            LabSpec spec = Json.read(
                    Files.readAllBytes(paths.spec()),
                    LabSpec.class,
                    paths.spec().toString());
            new LabKeeper(spec, paths).run();
        } catch (GodwitException refused) {
            giveUp(paths, refused);
        } catch (IOException | RuntimeException failed) {
            giveUp(paths, new GodwitException(ErrorCode.FAILED, "the lab's keeper failed: " + failed, failed));
        }
    }

    private void run() throws IOException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(supervisor::close, "stop-daemons"));
        for (Place site : List.of(Place.EAST, Place.WEST)) {
            Files.createDirectories(paths.siteRun(site));
            supervisor.start(new SiteSpeaker(site, paths).daemon());
        }
        CoreRouter router = new CoreRouter(paths);
        supervisor.start(router.daemon());
        for (Place site : List.of(Place.EAST, Place.WEST)) {
            new SiteDisk(site, paths).make(spec.siteDisk());
        }
        router.awaitSessions();
        events.add(LabEvent.Kind.LAB_READY, spec.name().value(), "both sites are connected to the core");
        try (ControlServer server = ControlServer.open(paths.controlSocket(), this::answer)) {
            server.run();
        }
    }

    private ControlAnswer answer(ControlRequest request) {
        List<LabEvent> asked = switch (request) {
            case ControlRequest.Status ignored -> List.of();
            case ControlRequest.Events wanted -> events.after(wanted.after());
            case ControlRequest.ReshapeLink change -> reshape(change);
            case ControlRequest.SwitchLink change -> switchLink(change);
            case ControlRequest.Supervise daemon -> supervise(daemon);
            case ControlRequest.SteerProcess order -> steer(order);
        };
        LabStatus status =
                new LabStatus(spec.name(), ProcessHandle.current().pid(), network.status(), supervisor.status());
        return ControlAnswer.done(status, asked);
    }

    private List<LabEvent> reshape(ControlRequest.ReshapeLink change) {
        network.reshape(change.link(), Optional.ofNullable(change.from()), change.shape());
        events.add(LabEvent.Kind.LINK_RESHAPED, change.link(), Json.line(change.shape()));
        return List.of();
    }

    private List<LabEvent> switchLink(ControlRequest.SwitchLink change) {
        network.switchTo(change.link(), change.up());
        events.add(change.up() ? LabEvent.Kind.LINK_UP : LabEvent.Kind.LINK_DOWN, change.link(), "");
        return List.of();
    }

    private List<LabEvent> supervise(ControlRequest.Supervise daemon) {
        supervisor.start(daemon.daemon());
        return List.of();
    }

    private List<LabEvent> steer(ControlRequest.SteerProcess order) {
        supervisor.steer(order.process(), order.action());
        return List.of();
    }

    private static void giveUp(LabPaths paths, GodwitException why) throws IOException {
        LOG.log(Level.ERROR, "the keeper gives up", why);
        new DurableFile(paths.failure()).write(Json.bytes(ControlAnswer.refused(why)));
        System.exit(1);
    }
}
