package io.godwit.link;

import io.godwit.core.GodwitException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Listens for peers, and for a site that wants to pair while a pairing is open. Starts at once; ends with {@link #close}. */
public final class LinkServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LinkServer.class.getName());
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(100);
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final Listener listener;
    private final ChannelHandler handler;
    private final Reception reception;
    private final Semaphore strangers;
    private final Semaphore channels;
    private final Set<CountedSocket> connections = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("link-server-", 0).factory());
    /** Handlers write to files and memory, which holds a virtual thread's carrier; there are few channels. */
    private final ExecutorService handlers = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("link-channel-", 0).factory());

    public LinkServer(SiteIdentity identity, InetSocketAddress address, ChannelHandler handler) throws IOException {
        this(identity, address, handler, LinkLimits.DEFAULT);
    }

    /**
     * Starts listening.
     *
     * @throws GodwitException if the address cannot be taken
     */
    public LinkServer(SiteIdentity identity, InetSocketAddress address, ChannelHandler handler, LinkLimits limits)
            throws IOException {
        this.handler = handler;
        this.strangers = new Semaphore(limits.strangers());
        this.channels = new Semaphore(limits.channels());
        this.reception = new Reception(identity, handler, limits, () -> channels.availablePermits() == 0);
        this.listener = Listener.at(address);
        threads.execute(this::acceptAll);
    }

    /**
     * Finds out whether one could listen at an address.
     *
     * @throws GodwitException if the address cannot be taken
     */
    public static void requireFree(InetSocketAddress address) throws IOException {
        Listener.at(address).close();
    }

    /** Where it listens, with the port that was really taken. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Stops listening, closes all channels and waits up to 5 s for their handlers. */
    @Override
    public void close() throws IOException {
        listener.close();
        for (CountedSocket connection : connections) {
            connection.close();
        }
        finish(threads);
        finish(handlers);
    }

    private static void finish(ExecutorService executor) {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException hurry) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                CountedSocket raw = listener.accept();
                connections.add(raw);
                if (!strangers.tryAcquire()) {
                    handler.refused(raw.getRemoteSocketAddress(), "too many connections wait to be introduced");
                    release(raw);
                } else if (listener.isClosed()) {
                    release(raw);
                } else {
                    threads.execute(() -> serve(raw));
                }
            } catch (IOException failure) {
                pauseAfter(failure);
            }
        }
    }

    private void serve(CountedSocket raw) {
        boolean handed = false;
        try {
            Optional<PeerChannel> channel = reception.receive(raw, strangers::release);
            if (channel.isPresent()) {
                handlers.execute(() -> converse(channel.get(), raw));
                handed = true;
            }
        } catch (RejectedExecutionException closing) {
            LOG.log(Level.DEBUG, "a channel was opened while the server closed", closing);
        } finally {
            if (!handed) {
                release(raw);
            }
        }
    }

    private void converse(PeerChannel channel, CountedSocket raw) {
        try {
            converse(channel);
        } finally {
            release(raw);
        }
    }

    private void converse(PeerChannel channel) {
        if (!channels.tryAcquire()) {
            LOG.log(Level.WARNING, "closed a channel of site {0}: there are too many", channel.peer());
            return;
        }
        try (channel) {
            handler.handle(channel);
        } catch (IOException | GodwitException ended) {
            LOG.log(
                    Level.INFO,
                    "the {0} channel of site {1} ended: {2}",
                    channel.kind(),
                    channel.peer(),
                    ended.getMessage());
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } finally {
            channels.release();
        }
    }

    private void release(CountedSocket raw) {
        connections.remove(raw);
        raw.closeQuietly();
    }

    /** Running out of file descriptors, for one, passes; it must neither end the server nor make it spin. */
    private void pauseAfter(IOException failure) {
        if (listener.isClosed()) {
            return;
        }
        LOG.log(Level.WARNING, "accepting a connection failed: {0}", failure.getMessage());
        try {
            Thread.sleep(PAUSE_AFTER_FAILURE);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }
}
