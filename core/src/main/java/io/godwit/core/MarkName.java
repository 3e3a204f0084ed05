package io.godwit.core;

/**
 * The name of a mark in a group's log. Lower-case letters, digits and hyphens, 1 to 32 characters; not a number, which
 * would be a position, and not {@code newest} or {@code oldest}, which are points of their own.
 */
public record MarkName(String value) implements Comparable<MarkName> {
    public MarkName {
        Names.check("mark", value);
        if (value.chars().allMatch(Character::isDigit) || value.equals("newest") || value.equals("oldest")) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "'%s' cannot name a mark: numbers are positions, and newest and oldest are points of their own"
                            .formatted(value));
        }
    }

    @Override
    public int compareTo(MarkName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
