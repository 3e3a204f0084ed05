package io.godwit.replication;

import java.security.SecureRandom;

/** 128 bits that go into every digest of a session, so that nobody who writes to a disk can prepare two blocks that look the same. */
record Salt(long high, long low) {
    private static final SecureRandom RANDOM = new SecureRandom();

    static Salt fresh() {
        return new Salt(RANDOM.nextLong(), RANDOM.nextLong());
    }
}
