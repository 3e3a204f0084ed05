package io.godwit.api;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.MarkName;
import io.godwit.core.Position;
import java.time.Instant;
import java.util.Optional;

/**
 * A point in a group's past as its user names it, in exactly one way.
 *
 * @param time the last known state that was complete at that time
 * @param end {@code newest} or {@code oldest}
 */
public record PointWish(
        Optional<Position> position, Optional<MarkName> mark, Optional<Instant> time, Optional<String> end) {
    public static final String NEWEST = "newest";
    public static final String OLDEST = "oldest";

    public PointWish {
        int ways = (position.isPresent() ? 1 : 0)
                + (mark.isPresent() ? 1 : 0)
                + (time.isPresent() ? 1 : 0)
                + (end.isPresent() ? 1 : 0);
        if (ways != 1) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "name the point in one way: a position, a mark, a time, newest or oldest");
        }
        if (end.isPresent() && !end.get().equals(NEWEST) && !end.get().equals(OLDEST)) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "'%s' is not a point".formatted(end.get()));
        }
    }

    public static PointWish at(Position position) {
        return new PointWish(Optional.of(position), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static PointWish at(Instant time) {
        return new PointWish(Optional.empty(), Optional.empty(), Optional.of(time), Optional.empty());
    }

    /** Reads a position, the name of a mark, {@code newest} or {@code oldest}. */
    public static PointWish parse(String word) {
        if (word.equals(NEWEST) || word.equals(OLDEST)) {
            return new PointWish(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(word));
        }
        if (!word.isEmpty() && word.length() <= 18 && word.chars().allMatch(Character::isDigit)) {
            return at(new Position(Long.parseLong(word)));
        }
        return new PointWish(Optional.empty(), Optional.of(new MarkName(word)), Optional.empty(), Optional.empty());
    }
}
