package io.godwit.core;

/** A period of ownership of a group: a number that only grows. Who holds an older term may not write. */
public record Term(long value) implements Comparable<Term> {
    public static final Term FIRST = new Term(1);

    public Term {
        if (value < 1) {
            throw new IllegalArgumentException("terms begin at 1: " + value);
        }
    }

    public Term next() {
        return new Term(Math.addExact(value, 1));
    }

    public boolean isOlderThan(Term other) {
        return value < other.value;
    }

    @Override
    public int compareTo(Term other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
