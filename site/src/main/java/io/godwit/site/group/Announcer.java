package io.godwit.site.group;

import io.godwit.core.GodwitException;
import io.godwit.network.BgpSpeaker;
import io.godwit.network.Ipv4Address;
import io.godwit.network.Preference;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Keeps a group's addresses announced by BGP for as long as it is open, also when the BGP daemon is restarted meanwhile. */
final class Announcer implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Announcer.class.getName());
    private static final Duration RECHECK = Duration.ofSeconds(3);
    private static final Duration RETRY = Duration.ofMillis(250);

    private final BgpSpeaker speaker;
    private final List<Ipv4Address> addresses;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private Preference wanted;
    private boolean done;
    private boolean closed;

    Announcer(BgpSpeaker speaker, List<Ipv4Address> addresses, Preference preference) {
        this.speaker = speaker;
        this.addresses = addresses;
        this.wanted = preference;
        this.thread = Thread.ofVirtual().name("announcer").start(this::run);
    }

    /** Announces with another preference from now on. */
    void prefer(Preference preference) {
        lock.lock();
        try {
            wanted = preference;
            done = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the BGP daemon has taken what was last wanted. */
    boolean announced() {
        lock.lock();
        try {
            return done;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        String trouble = "";
        while (true) {
            Preference preference;
            lock.lock();
            try {
                if (closed) {
                    return;
                }
                preference = wanted;
            } finally {
                lock.unlock();
            }
            try {
                announce(preference);
                trouble = "";
                rest(preference, RECHECK);
            } catch (GodwitException failed) {
                if (!failed.sentence().equals(trouble)) {
                    trouble = failed.sentence();
                    LOG.log(Level.WARNING, trouble);
                }
                rest(preference, RETRY);
            }
        }
    }

    private void announce(Preference preference) {
        boolean complete = announced() && speaker.announced().containsAll(addresses);
        if (!complete) {
            addresses.forEach(address -> speaker.announce(address, preference));
        }
        lock.lock();
        try {
            done = wanted == preference;
        } finally {
            lock.unlock();
        }
    }

    private void rest(Preference last, Duration pause) {
        lock.lock();
        try {
            long left = pause.toNanos();
            while (!closed && wanted == last && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException stopped) {
            closed = true;
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Stops caring; what is announced stays announced until {@link #withdraw}. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    static void withdraw(BgpSpeaker speaker, List<Ipv4Address> addresses) {
        addresses.forEach(speaker::withdraw);
    }
}
