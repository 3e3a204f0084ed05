package io.godwit.core;

/**
 * A place in a group's log: the number of log bytes before it, counted from the log's beginning and never reset. The
 * same position names the same state of every disk of the group at every site.
 */
public record Position(long value) implements Comparable<Position> {
    public static final Position START = new Position(0);

    public Position {
        if (value < 0) {
            throw new IllegalArgumentException("a position cannot be negative: " + value);
        }
    }

    public Position plus(long bytes) {
        return new Position(Math.addExact(value, bytes));
    }

    /** Log bytes from {@code earlier} to here; zero if that is not earlier. */
    public ByteCount since(Position earlier) {
        return new ByteCount(Math.max(0, value - earlier.value));
    }

    public boolean reaches(Position other) {
        return value >= other.value;
    }

    @Override
    public int compareTo(Position other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
