package io.godwit.site.history;

import io.godwit.api.PointWish;
import io.godwit.api.PointsReport;
import io.godwit.api.PointsReport.Point;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.MarkName;
import io.godwit.core.Position;
import io.godwit.site.history.MarkNote.Kind;
import io.godwit.volume.GroupStore;
import io.godwit.volume.LogMark;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The points of a group's past that a store can open, as of one moment, and how people name them. Positions in the middle of
 * a rewind are none: the disks were neither as before it nor as after.
 */
public final class Points {
    /** Of more marks with names, the newest count. */
    private static final int MAX_NOTES = 2_000;

    private static final int TIMES_SHOWN = 60;

    /** @param note what it says; empty if it only tells the time */
    private record Known(Position position, Instant time, Optional<MarkNote> note) {
        boolean is(Kind kind) {
            return note.map(MarkNote::kind).filter(kind::equals).isPresent();
        }

        boolean isNamed(MarkName name) {
            return note.flatMap(MarkNote::name).filter(name::equals).isPresent();
        }
    }

    private final Position oldest;
    private final Position durable;
    private final List<Known> known;

    private Points(Position oldest, Position durable, List<Known> known) {
        this.oldest = oldest;
        this.durable = durable;
        this.known = known;
    }

    public static Points of(GroupStore store) throws IOException {
        Position durable = store.durable();
        List<LogMark> marks = store.history().marks();
        long passedOver = Math.max(
                0, marks.stream().filter(mark -> mark.contentBytes() > 0).count() - MAX_NOTES);
        List<Known> known = new ArrayList<>();
        for (LogMark mark : marks) {
            boolean says = mark.contentBytes() > 0 && passedOver-- <= 0;
            if (mark.number() > 0 && durable.reaches(mark.position())) {
                known.add(new Known(
                        mark.position(),
                        Instant.ofEpochMilli(mark.number()),
                        says ? note(store, mark) : Optional.empty()));
            }
        }
        return new Points(store.history().oldest(), durable, known);
    }

    /** What a mark says; nothing if the log has just let go of it, or somebody else wrote it. */
    private static Optional<MarkNote> note(GroupStore store, LogMark mark) throws IOException {
        try {
            return mark.contentBytes() > MarkNote.MAX_BYTES
                    ? Optional.empty()
                    : MarkNote.decode(store.history().content(mark));
        } catch (GodwitException gone) {
            return Optional.empty();
        }
    }

    /**
     * The position of the point that is meant.
     *
     * @throws GodwitException NOT_FOUND if the history kept here has no such point, BAD_INPUT if it isn't one
     */
    public Position find(PointWish wish) {
        return find(wish, Instant.now());
    }

    /** @param now a time that is to come names no point, unless the owner's clock is ahead and the log knows it already */
    Position find(PointWish wish, Instant now) {
        if (wish.position().isPresent()) {
            return requirePoint(wish.position().get());
        }
        if (wish.mark().isPresent()) {
            return named(wish.mark().get());
        }
        if (wish.time().isPresent()) {
            return at(requirePast(wish.time().get(), now));
        }
        return wish.end().equals(Optional.of(PointWish.OLDEST)) ? oldest : newest();
    }

    private Position requirePoint(Position position) {
        if (position.compareTo(oldest) < 0 || position.compareTo(durable) > 0) {
            throw new GodwitException(
                    ErrorCode.NOT_FOUND,
                    "the history kept here goes from %s to %s: %s is not in it".formatted(oldest, durable, position));
        }
        if (inRewind(position)) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "%s is in the middle of a rewind, and so no point".formatted(position));
        }
        return position;
    }

    private Position named(MarkName name) {
        return known.reversed().stream()
                .filter(mark -> mark.isNamed(name))
                .map(Known::position)
                .findFirst()
                .orElseThrow(() -> new GodwitException(
                        ErrorCode.NOT_FOUND, "the history kept here has no mark '%s'".formatted(name)));
    }

    public boolean hasMark(MarkName name) {
        return known.stream().anyMatch(mark -> mark.isNamed(name));
    }

    private Instant requirePast(Instant time, Instant now) {
        boolean known =
                !this.known.isEmpty() && !time.isAfter(this.known.getLast().time());
        if (time.isAfter(now) && !known) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "%s is still to come, it is %s now: say newest for what there is"
                            .formatted(time, now.truncatedTo(ChronoUnit.SECONDS)));
        }
        return time;
    }

    private Position at(Instant time) {
        return known.reversed().stream()
                .filter(mark -> !mark.time().isAfter(time) && !inRewind(mark.position()))
                .map(Known::position)
                .findFirst()
                .orElseThrow(() -> new GodwitException(
                        ErrorCode.NOT_FOUND,
                        known.isEmpty()
                                ? "the history kept here knows no times yet"
                                : "the history kept here goes back to %s"
                                        .formatted(known.getFirst().time())));
    }

    /** The last state the disks were in as a whole. */
    public Position newest() {
        if (!inRewind(durable)) {
            return durable;
        }
        return known.reversed().stream()
                .filter(mark -> !inRewind(mark.position()))
                .map(Known::position)
                .findFirst()
                .orElse(oldest);
    }

    private boolean inRewind(Position position) {
        Optional<Known> before = known.reversed().stream()
                .filter(mark -> position.reaches(mark.position()))
                .filter(mark -> mark.is(Kind.REWINDING) || mark.is(Kind.REWOUND))
                .findFirst();
        Optional<Known> after = known.stream()
                .filter(mark -> !position.reaches(mark.position()))
                .filter(mark -> mark.is(Kind.REWINDING) || mark.is(Kind.REWOUND))
                .findFirst();
        return before.filter(mark -> mark.is(Kind.REWINDING)).isPresent()
                || (before.isEmpty()
                        && after.filter(mark -> mark.is(Kind.REWOUND)).isPresent());
    }

    /** A point with the first moment by which the log is known to have come so far. */
    public Point point(Position position) {
        return new Point(
                position,
                known.stream()
                        .filter(mark -> mark.position().reaches(position))
                        .map(Known::time)
                        .findFirst());
    }

    public Point oldest() {
        return point(oldest);
    }

    public List<PointsReport.Mark> marks() {
        return known.stream()
                .filter(mark -> mark.note().flatMap(MarkNote::name).isPresent())
                .map(mark -> new PointsReport.Mark(
                        mark.note().orElseThrow().name().orElseThrow(),
                        mark.position(),
                        mark.time(),
                        mark.note().orElseThrow().kind().word()))
                .toList();
    }

    /** The last moment that is known, which the newest point is at most a second younger than. */
    public Optional<Instant> latest() {
        return known.isEmpty() ? Optional.empty() : Optional.of(known.getLast().time());
    }

    /** Some of the moments that are known, evenly; the last one need not be among them. */
    public List<Point> times() {
        List<Point> shown = new ArrayList<>();
        int count = Math.min(TIMES_SHOWN, known.size());
        for (int i = 0; i < count; i++) {
            Known mark = known.get((int) ((long) i * known.size() / count));
            shown.add(new Point(mark.position(), Optional.of(mark.time())));
        }
        return shown;
    }
}
