package io.godwit.network;

import io.godwit.core.posix.BootClock;
import java.time.Duration;
import java.util.List;

/** A program that lets a port be heard for a second at a time, again and again, until it is killed. */
final class KeepHeard {
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final Duration EVERY = Duration.ofMillis(200);

    private KeepHeard() {}

    public static void main(String[] arguments) throws InterruptedException {
        List<InterfaceName> port = List.of(new InterfaceName(arguments[0]));
        LeasedPorts ports = new LeasedPorts();
        ports.govern(port);
        while (!Thread.interrupted()) {
            ports.allow(port, BootClock.nanos() + LEASE.toNanos());
            Thread.sleep(EVERY);
        }
    }
}
