package io.godwit.volume;

import java.util.ArrayDeque;
import java.util.Deque;

/** Remembers when the log had come how far, coarsely: so many notes for the whole of an age, however fast the log grows. */
final class Arrivals {
    private static final int NOTES_AN_AGE = 4096;

    private record Note(long position, long nanoTime) {}

    private final long ageNanos;
    private final Deque<Note> notes = new ArrayDeque<>();
    private long outOfAge;

    Arrivals(long ageNanos) {
        this.ageNanos = ageNanos;
    }

    /** The log ends at {@code position} now; it must be the end of a record. */
    void note(long position, long nanoTime) {
        Note last = notes.peekLast();
        boolean due = last == null || nanoTime - last.nanoTime >= ageNanos / NOTES_AN_AGE;
        if (due && (last == null || position > last.position)) {
            notes.addLast(new Note(position, nanoTime));
        }
    }

    /** All before it came longer ago than the age; 0 if nothing is known to. */
    long outOfAge(long nanoTime) {
        while (!notes.isEmpty() && nanoTime - notes.getFirst().nanoTime >= ageNanos) {
            outOfAge = notes.removeFirst().position;
        }
        return outOfAge;
    }
}
