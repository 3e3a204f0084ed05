package io.godwit.lab.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Knows what Redis must hold: judges every acknowledged write exactly once, in bounded memory on both sides.
 *
 * <p>Writes are numbered 1, 2, 3, ...; write n goes to slot (n - 1) mod slots, a key of its own. The write that takes a slot
 * again gets back what the slot held, in the same atomic command, so that an acknowledged write is judged either then
 * or at the end: none is overwritten unseen. A write whose answer never came may be there or not; both are right.
 *
 * <p>A slot that holds nothing, or an older write than the acknowledged one, has <em>lost</em> a write. A slot that
 * holds anything else that was not written there is a <em>wrong</em> read. Owned by one thread.
 */
final class WriteLedger {
    /** About the size of a session record; long enough that a torn value would show. */
    private static final int VALUE_CHARS = 64;

    private final String run;
    private final long[] acknowledged;
    private final Map<Integer, List<Long>> unanswered = new HashMap<>();
    private long last;
    private long acknowledgedWrites;
    private long lostWrites;
    private long wrongReads;

    /** A ledger whose keys begin with the name of this run, so that runs don't see each other's. */
    WriteLedger(String run, int slots) {
        this.run = run;
        this.acknowledged = new long[slots];
    }

    /** The number of the next write. */
    long next() {
        return ++last;
    }

    int slot(long number) {
        return (int) ((number - 1) % acknowledged.length);
    }

    String key(int slot) {
        return "godwit:" + run + ":" + slot;
    }

    /** The number, then letters that follow from the number, so that every character of it can be judged. */
    String value(long number) {
        StringBuilder value = new StringBuilder(VALUE_CHARS).append(number).append(':');
        for (long mixed = number; value.length() < VALUE_CHARS; ) {
            mixed = mixed * 6364136223846793005L + 1442695040888963407L;
            value.append((char) ('a' + (mixed >>> 33) % 26));
        }
        return value.toString();
    }

    /** Write {@code number} is acknowledged, and its slot held {@code before}. */
    void acknowledge(long number, RedisReply before) {
        int slot = slot(number);
        judge(slot, before);
        acknowledged[slot] = number;
        unanswered.remove(slot);
        acknowledgedWrites++;
    }

    /** Nobody knows whether write {@code number} happened. */
    void leaveOpen(long number) {
        unanswered.computeIfAbsent(slot(number), slot -> new ArrayList<>()).add(number);
    }

    /** Compares what a slot holds with what it must hold. */
    void judge(int slot, RedisReply held) {
        switch (held) {
            case RedisReply.Absent() -> lostWrites += acknowledged[slot] == 0 ? 0 : 1;
            case RedisReply.Value(String text) -> judge(slot, text);
            case RedisReply.Refused(String words) -> throw new IllegalArgumentException("nothing was read: " + words);
        }
    }

    private void judge(int slot, String text) {
        long number = numberOf(slot, text);
        if (number == 0) {
            wrongReads++;
        } else if (number != acknowledged[slot]
                && !unanswered.getOrDefault(slot, List.of()).contains(number)) {
            if (number < acknowledged[slot]) {
                lostWrites++;
            } else {
                wrongReads++;
            }
        }
    }

    /** The number of the write that put this text into this slot; 0 when none did. */
    private long numberOf(int slot, String text) {
        int colon = text.indexOf(':');
        try {
            long number = Long.parseLong(text.substring(0, Math.max(colon, 0)));
            return number > 0 && number <= last && slot(number) == slot && text.equals(value(number)) ? number : 0;
        } catch (NumberFormatException garbage) {
            return 0;
        }
    }

    /** How many slots have been written to: the first ones. */
    int slotsUsed() {
        return (int) Math.min(last, acknowledged.length);
    }

    /** Whether a slot holds an acknowledged write. */
    boolean expects(int slot) {
        return acknowledged[slot] != 0;
    }

    long acknowledgedWrites() {
        return acknowledgedWrites;
    }

    long lostWrites() {
        return lostWrites;
    }

    long wrongReads() {
        return wrongReads;
    }
}
