package io.godwit.site.tenure;

import io.godwit.core.SiteName;
import io.godwit.quorum.Quorum;
import io.godwit.quorum.QuorumAnswer;
import io.godwit.quorum.QuorumCommand;
import io.godwit.quorum.QuorumState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Voters that are always of one mind: one state with a lock. Each site may be cut off from them. */
public final class OneLogQuorum {
    private static final Duration SILENCE = Duration.ofMillis(100);

    private QuorumState state = QuorumState.EMPTY;
    private long version;
    private final Map<SiteName, Quorum.Agreed> cutOff = new HashMap<>();

    /** The site hears nothing of the voters any more, nor they of it. */
    public synchronized void cutOff(SiteName site) {
        cutOff.put(site, now());
    }

    public synchronized void reconnect(SiteName site) {
        cutOff.remove(site);
        notifyAll();
    }

    public synchronized QuorumState state() {
        return state;
    }

    private Quorum.Agreed now() {
        return new Quorum.Agreed(version, state);
    }

    private synchronized Optional<QuorumAnswer> apply(SiteName from, QuorumCommand command) {
        if (cutOff.containsKey(from)) {
            return Optional.empty();
        }
        QuorumState.Applied applied = state.apply(command);
        state = applied.state();
        version++;
        notifyAll();
        return Optional.of(applied.answer());
    }

    private synchronized Quorum.Agreed seen(SiteName from) {
        return cutOff.getOrDefault(from, now());
    }

    private synchronized Quorum.Agreed awaitAfter(SiteName from, long seen, Duration atMost)
            throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        long rest = atMost.toMillis();
        while (seen(from).version() <= seen && rest > 0) {
            wait(rest);
            rest = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        }
        return seen(from);
    }

    /** The voters, as one site sees them. */
    public Quorum at(SiteName site) {
        return new Quorum() {
            @Override
            public Optional<QuorumAnswer> ask(QuorumCommand command, Duration atMost) throws InterruptedException {
                Optional<QuorumAnswer> answer = apply(site, command);
                if (answer.isEmpty()) {
                    Thread.sleep(atMost.compareTo(SILENCE) < 0 ? atMost : SILENCE);
                }
                return answer;
            }

            @Override
            public Agreed agreed() {
                return seen(site);
            }

            @Override
            public Agreed awaitAfter(long version, Duration atMost) throws InterruptedException {
                return OneLogQuorum.this.awaitAfter(site, version, atMost);
            }
        };
    }
}
