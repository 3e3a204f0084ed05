package io.godwit.replication.verify;

import io.godwit.core.GodwitException;

/** A point made way for something more important: the sides have to meet again at a newer position. */
final class PointEndedException extends Exception {
    PointEndedException(String why) {
        super(why);
    }

    PointEndedException(GodwitException refused) {
        super(refused.sentence(), refused);
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
