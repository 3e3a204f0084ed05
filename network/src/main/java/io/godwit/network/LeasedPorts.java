package io.godwit.network;

import io.godwit.core.Command;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.posix.BootClock;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets machines be heard only as long as somebody says so: the kernel drops what comes from a leased port that isn't held, and forgets by itself
 * that a port is held. So it ends in time also if this program is stopped, paused or killed.
 *
 * <pre>
 *   table bridge godwit
 *     set leased   ports that need to be held; outlives the program
 *     set held     ports, each with the time after which the kernel drops it from the set
 *     chain        prerouting: from a port in leased, not in held: drop
 * </pre>
 *
 * One thread tells the kernel, all that has changed at once, one process for each change. What is sent <em>to</em> a machine passes: nobody is
 * answered without a lease, and a machine that is about to be handed over must find what was diverted to it.
 */
public final class LeasedPorts implements PortLeases {
    private static final Logger LOG = System.getLogger(LeasedPorts.class.getName());
    private static final String TABLE = "bridge godwit";
    private static final int MAX_AT_ONCE = 200;
    private static final Duration AGAIN = Duration.ofMillis(100);

    /** What a change may take, at least; so much less is allowed. */
    private static final long LEAST_ALLOWANCE_NANOS = 25_000_000;

    private static final long MOST_ALLOWANCE_NANOS = 400_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long REVOKED = Long.MIN_VALUE;

    private final Map<InterfaceName, Long> wanted = new LinkedHashMap<>();
    private final Map<InterfaceName, Long> told = new LinkedHashMap<>();
    private final Thread thread;
    private boolean closed;
    private volatile boolean failing;

    /** The thread's own. */
    private long allowanceNanos = LEAST_ALLOWANCE_NANOS;

    /** In the network namespace of the calling thread. Nothing is told to the kernel before a port is governed. */
    public LeasedPorts() {
        this.thread = Thread.ofPlatform().daemon().name("leased-ports").start(this::run);
    }

    @Override
    public void govern(Collection<InterfaceName> ports) {
        nft(("add table %1$s; add set %1$s leased { type ifname; };"
                        + " add set %1$s held { type ifname; flags timeout; };"
                        + " add chain %1$s unheard { type filter hook prerouting priority -300; policy accept; };"
                        + " flush chain %1$s unheard; add rule %1$s unheard iifname @leased iifname != @held drop")
                .formatted(TABLE));
        ports.forEach(port -> nft("add element %s leased { \"%s\" }".formatted(TABLE, port)));
    }

    @Override
    public synchronized void allow(Collection<InterfaceName> ports, long untilNanos) {
        ports.forEach(port -> wanted.put(port, untilNanos));
        notifyAll();
    }

    @Override
    public synchronized void revoke(Collection<InterfaceName> ports) {
        ports.forEach(port -> {
            wanted.put(port, REVOKED);
            told.remove(port);
        });
        notifyAll();
    }

    @Override
    public synchronized boolean isRevoked(Collection<InterfaceName> ports) {
        return ports.stream().allMatch(port -> Long.valueOf(REVOKED).equals(told.get(port)));
    }

    /** Removes all of it: whatever is plugged in may be heard. Where the kernel's filter can't be commanded there was none. */
    public static void remove() {
        try {
            Command.of("nft", "delete table " + TABLE).attempt();
        } catch (GodwitException absent) {
            if (absent.code() != ErrorCode.UNSUPPORTED) {
                throw absent;
            }
        }
    }

    private void run() {
        try {
            for (Map<InterfaceName, Long> news = next(); !news.isEmpty(); news = next()) {
                tell(news);
            }
        } catch (InterruptedException stopped) {
            LOG.log(Level.DEBUG, "the edge's leases are left to run out");
        }
    }

    private synchronized Map<InterfaceName, Long> next() throws InterruptedException {
        long next = System.nanoTime() + (failing ? AGAIN.toNanos() : 0);
        while (!closed) {
            long rest = Duration.ofNanos(next - System.nanoTime()).toMillis();
            if (rest > 0) {
                wait(rest);
                continue;
            }
            Map<InterfaceName, Long> news = new LinkedHashMap<>();
            wanted.entrySet().stream()
                    .filter(port -> !port.getValue().equals(told.get(port.getKey())))
                    .limit(MAX_AT_ONCE)
                    .forEach(port -> news.put(port.getKey(), port.getValue()));
            if (!news.isEmpty()) {
                return news;
            }
            wait();
        }
        return Map.of();
    }

    private void tell(Map<InterfaceName, Long> news) {
        long begun = BootClock.nanos();
        try {
            List<String> changes = new ArrayList<>();
            news.forEach((port, until) -> changes.add(change(port, until, begun)));
            nft(String.join("; ", changes));
            if (inTime(BootClock.nanos() - begun) || allRevoked(news)) {
                note(news);
            }
            failing = false;
        } catch (GodwitException failed) {
            if (!failing) {
                LOG.log(Level.ERROR, "the edge can't be told what may be heard: {0}", failed.sentence());
            }
            failing = true;
        }
    }

    /** A change that took longer lets its ports be heard for longer than was said: it is made again at once, with what is left. */
    private boolean inTime(long tookNanos) {
        boolean inTime = tookNanos <= allowanceNanos;
        long next = inTime ? allowanceNanos / 2 : tookNanos * 2;
        allowanceNanos = Math.clamp(next, LEAST_ALLOWANCE_NANOS, MOST_ALLOWANCE_NANOS);
        return inTime;
    }

    private static boolean allRevoked(Map<InterfaceName, Long> news) {
        return news.values().stream().allMatch(until -> until == REVOKED);
    }

    private synchronized void note(Map<InterfaceName, Long> news) {
        news.forEach((port, until) -> {
            if (until.equals(wanted.get(port))) {
                told.put(port, until);
            }
        });
    }

    /** An element that may be there, or not, or not any more, is first made, then removed: so removing it succeeds. */
    private String change(InterfaceName port, long until, long now) {
        String gone = "add element %1$s held { \"%2$s\" timeout 1s }; delete element %1$s held { \"%2$s\" }"
                .formatted(TABLE, port);
        long millis = until == REVOKED ? 0 : (until - now - allowanceNanos) / NANOS_PER_MILLI;
        return millis <= 0
                ? gone
                : gone + "; add element %s held { \"%s\" timeout %dms }".formatted(TABLE, port, millis);
    }

    private static void nft(String commands) {
        Command.of("nft", commands).run();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
