package io.godwit.lab.chaos;

import io.godwit.core.Term;
import java.util.Optional;

/**
 * Whether the client has looked at every key since a fault. It looks at what a key holds whenever it writes to it again, so that takes a whole round of
 * its keys; and it begins anew if the group goes to another site meanwhile.
 */
final class EveryKey {
    private final Lookout lookout;
    private final ClientWatch client;
    private Optional<Term> term;
    private long enough;

    /** The fault is over. */
    EveryKey(Lookout lookout, ClientWatch client) {
        this.lookout = lookout;
        this.client = client;
        this.term = lookout.term();
        begin();
    }

    private void begin() {
        enough = client.counts().acknowledgedWrites() + ChaosRun.KEYS;
    }

    void look() {
        Optional<Term> now = lookout.term();
        if (now.isPresent() && !now.equals(term)) {
            term = now;
            begin();
        }
    }

    boolean done() {
        return client.counts().acknowledgedWrites() >= enough;
    }
}
