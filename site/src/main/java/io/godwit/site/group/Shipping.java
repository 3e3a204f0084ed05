package io.godwit.site.group;

import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.link.ChannelKind;
import io.godwit.link.Link;
import io.godwit.link.PeerChannel;
import io.godwit.replication.Replicator;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps a group's replicator connected to the peer: dials, ships until the channel ends, and dials again. */
public final class Shipping implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Shipping.class.getName());
    private static final Duration PAUSE = Duration.ofMillis(300);

    private final GroupName group;
    private final Link link;
    private final Replicator replicator;
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable PeerChannel channel;
    private volatile String trouble = "";

    public Shipping(GroupName group, Link link, Replicator replicator) {
        this.group = group;
        this.link = link;
        this.replicator = replicator;
        this.thread = Thread.ofPlatform().daemon().name("shipping-" + group).start(this::run);
    }

    /** Why nothing is being shipped, or empty. */
    public String trouble() {
        return trouble;
    }

    private void run() {
        while (!closed) {
            try (PeerChannel opened = link.open(ChannelKind.REPLICATION, Optional.of(group))) {
                channel = opened;
                if (!closed) {
                    trouble = "";
                    replicator.run(opened);
                }
            } catch (IOException | GodwitException broken) {
                note(String.valueOf(broken.getMessage()));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            } finally {
                channel = null;
            }
            rest();
        }
    }

    private void note(String sentence) {
        if (!closed && !sentence.equals(trouble)) {
            LOG.log(Level.WARNING, "replication of {0}: {1}", group, sentence);
        }
        trouble = sentence;
    }

    private void rest() {
        if (!closed) {
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                closed = true;
            }
        }
    }

    /** Hangs up and waits for the replicator to be idle. */
    @Override
    public void close() {
        closed = true;
        PeerChannel open = channel;
        try {
            if (open != null) {
                open.close();
            }
            thread.join();
        } catch (IOException gone) {
            LOG.log(Level.DEBUG, "the channel was gone already", gone);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
