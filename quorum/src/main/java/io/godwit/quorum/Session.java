package io.godwit.quorum;

/**
 * One run of a site's daemon, by a number drawn at random when it starts. What an earlier run had sent and what arrives late is told
 * apart by it: it must not act on a group that the present run has taken up.
 */
public record Session(long value) {
    @Override
    public String toString() {
        return Long.toHexString(value);
    }
}
