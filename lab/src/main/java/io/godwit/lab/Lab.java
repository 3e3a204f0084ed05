package io.godwit.lab;

import io.godwit.core.SiteName;
import io.godwit.lab.keeper.ControlClient;
import io.godwit.lab.keeper.ControlRequest;
import io.godwit.lab.net.LabRemoval;
import java.util.List;

/**
 * Two data centres on this machine, with a core network, a client and a wide area link between them, under a name.
 * What is real: kernels' routing, BGP, processes, disks. What is emulated: the links (delay, rate, queue, loss).
 *
 * <pre>
 *                client
 *                   |            client: 10.80.0.2, AS 65000 in the core
 *                 core
 *                /    \          each site: a namespace, a disk, a gobgpd, a site daemon
 *             east    west
 *                \____/          wan: round trip, rate and loss as wished, MTU 1,600
 * </pre>
 *
 * A lab outlives the program that brought it up; {@link #down} ends it, whoever calls it.
 */
public final class Lab {
    private final LabName name;
    private final LabPaths paths;
    private final ControlClient control;

    private Lab(LabName name) {
        this.name = name;
        this.paths = LabPaths.of(name);
        this.control = new ControlClient(paths.controlSocket());
    }

    /** Brings a lab up, and returns when its sites are connected to the core by BGP; on failure nothing is left of it. */
    public static Lab up(LabSpec spec) {
        new LabStart(spec).run();
        return new Lab(spec.name());
    }

    /** A lab that is up; throws {@code NOT_FOUND} if there is none of that name. */
    public static Lab find(LabName name) {
        LabRemoval.requireAny(name);
        return new Lab(name);
    }

    public LabName name() {
        return name;
    }

    public LabPaths paths() {
        return paths;
    }

    public LabStatus status() {
        return control.ask(new ControlRequest.Status()).status();
    }

    public LabLink link(String link) {
        return new LabLink(this, link);
    }

    /** Runs a program at a place, in its network namespace; not looked after, but killed by {@link #down}. */
    public ProcessBuilder exec(Place place, String... argv) {
        return new ProcessBuilder(place.namespace(name).command(List.of(argv)));
    }

    /** A thread whose sockets are at a place; start it yourself. */
    public Thread thread(Place place, String threadName, Runnable work) {
        return place.namespace(name).thread(threadName, work);
    }

    /** The site called "east" or "west". */
    public LabSite site(String site) {
        return site(Place.named(site));
    }

    public LabSite site(Place site) {
        return new LabSite(
                new SiteName(site.toString()),
                site,
                site.namespace(name),
                paths.siteState(site),
                paths.siteRun(site),
                LabAddresses.underlay(site),
                LabAddresses.underlay(LabAddresses.peerOf(site)),
                LabAddresses.SPEAKER_PORT);
    }

    /** Runs a program at a place from now on: started again when it ends, stopped by {@link #down}. */
    public LabProcess supervise(DaemonSpec daemon) {
        control.ask(new ControlRequest.Supervise(daemon));
        return process(daemon.name());
    }

    /** A process that the keeper runs: {@code bird}, {@code gobgpd-east}, {@code gobgpd-west}, or one from {@link #supervise}. */
    public LabProcess process(String process) {
        return new LabProcess(this, process);
    }

    /** What happened after the event with this number (0: from the beginning), oldest first, as far as it is remembered. */
    public List<LabEvent> eventsAfter(long number) {
        return control.ask(new ControlRequest.Events(number)).events();
    }

    /** Ends the lab and removes all that it made; does what is left to do when it was ended half-way before. */
    public void down() {
        LabRemoval.of(name).run();
    }

    void ask(ControlRequest request) {
        control.ask(request);
    }
}
