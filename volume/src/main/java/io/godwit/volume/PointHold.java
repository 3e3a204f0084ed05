package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps the base images from passing a position, until it is closed or something more important needs to go on. */
final class PointHold {
    private final Position position;
    private volatile @Nullable String end;

    PointHold(Position position) {
        this.position = position;
    }

    Position position() {
        return position;
    }

    /** From now on the images may pass the position. */
    void end(String why) {
        end = why;
    }

    /** Why it no longer holds, if so. */
    Optional<String> why() {
        return Optional.ofNullable(end);
    }

    boolean ended() {
        return end != null;
    }

    void requireOpen() {
        String why = end;
        if (why != null) {
            throw new GodwitException(ErrorCode.CONFLICT, "the point at %s is closed: %s".formatted(position, why));
        }
    }
}
