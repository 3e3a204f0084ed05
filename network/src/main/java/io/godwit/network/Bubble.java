package io.godwit.network;

import io.godwit.core.GodwitException;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;

/**
 * The service network once more, with the same addresses and the same gateway, in a network namespace of its own: machines that are plugged in
 * find everything as at home, and nothing leads in or out. It vanishes when it is closed, with the programs that were started in it.
 */
public final class Bubble implements AutoCloseable {
    private final ServiceNet net;
    private final OwnNamespace inside;
    private final Occupants occupants;
    private boolean closed;

    /** @throws GodwitException FAILED if this program may not make one */
    public Bubble(ServiceNet net) throws IOException, InterruptedException {
        this.net = net;
        this.inside = unwrapped(() -> new OwnNamespace("bubble"));
        try {
            this.occupants = inside.occupants();
            within(() -> {
                new ServiceBridge(net).setUp();
                return true;
            });
        } catch (IOException | InterruptedException | RuntimeException failed) {
            inside.close();
            throw failed;
        }
    }

    /** Makes a machine's TAP. */
    public void plug(ServicePort port) throws IOException, InterruptedException {
        net.requireMember(port.address());
        within(() -> {
            new Tap(port).plugInto(net.bridge());
            return true;
        });
    }

    /** Whether a machine answers an ICMP echo request from the gateway within that time. */
    public boolean answers(Ipv4Address address, Duration patience) throws IOException, InterruptedException {
        return within(() -> address.toInetAddress().isReachable((int) patience.toMillis()));
    }

    /** The programs that were started in it, and theirs. */
    public Occupants occupants() {
        return occupants;
    }

    /**
     * Does something in the bubble, one thing at a time: sockets that are opened and programs that are started by it are inside. If the bubble is
     * closed meanwhile it is interrupted; what waits, or comes later, is cancelled.
     */
    public <T> T within(Callable<T> work) throws IOException, InterruptedException {
        return unwrapped(() -> inside.call(work));
    }

    private static <T> T unwrapped(Callable<T> work) throws IOException, InterruptedException {
        try {
            return work.call();
        } catch (ExecutionException failed) {
            throw rethrown(Objects.requireNonNullElse(failed.getCause(), failed));
        } catch (Exception failed) {
            throw rethrown(failed);
        }
    }

    private static RuntimeException rethrown(Throwable cause) throws IOException, InterruptedException {
        switch (cause) {
            case IOException io -> throw io;
            case InterruptedException stopped -> throw stopped;
            case RuntimeException failed -> throw failed;
            case Error error -> throw error;
            default -> throw new IllegalStateException(cause);
        }
    }

    /** Ends all programs in it but some; does nothing once it is closed. */
    public synchronized void endAllBut(Predicate<ProcessHandle> spared) {
        if (!closed) {
            occupants.end(spared);
        }
    }

    @Override
    public void close() {
        inside.stop();
        synchronized (this) {
            endAllBut(process -> false);
            closed = true;
            inside.close();
        }
    }
}
