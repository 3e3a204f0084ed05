package io.godwit.volume;

import io.godwit.core.DurableFile;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * How far the log was applied to the base images and how far its followers are; from that, which segments may go.
 * Persisted in the store's checkpoint file: the applied position always before a segment is deleted because of it, a
 * known follower's position now and then (an older one only keeps more log).
 */
final class Progress {
    private static final System.Logger LOG = System.getLogger(Progress.class.getName());
    /** So much of the log is read at once while others wait. */
    private static final long TRACK_STEP_BYTES = 64 << 20;

    private static final String TITLE = "godwit-checkpoint 1";
    private static final String POINTS_FROM = "points-from";
    private static final String DURABLE = "durable";
    private static final String REACHING = "reaching";
    /** While a follower follows, what is durable is written down so often. */
    private static final long NOTED_EVERY_BYTES = 64 << 20;

    /** So many followers a group may have. */
    static final int MAX_FOLLOWERS = 16;

    private final DurableFile file;
    private final GroupLog log;
    private final Map<String, Position> followers;
    private final Set<String> overrun = new HashSet<>();
    private final List<LogHold> holds = new ArrayList<>();
    private final List<DiskSpec> disks;
    private Optional<ChangeTracker> tracker = Optional.empty();
    /** How much is durable now. */
    private Supplier<Position> durable;

    private Position applied;
    private Position reaching;
    private Position pointsFrom;
    /** What the file says of what is durable. */
    private Position noted;

    Progress(DurableFile file, GroupLog log, List<DiskSpec> disks, Checkpoint found) {
        this.file = file;
        this.disks = disks;
        this.log = log;
        this.followers = new HashMap<>(found.followers);
        this.applied = found.applied;
        this.reaching = found.reaching;
        this.pointsFrom = found.pointsFrom;
        this.noted = found.durable;
        this.durable = log::head;
    }

    /** Asks this from now on how much of the log is durable; everything was when it was opened. */
    synchronized void watch(Supplier<Position> durable) {
        this.durable = durable;
    }

    /** Takes up what was tracked when the store was last open. What can't be read is given up: the disks are compared then. */
    synchronized void findTracker() throws IOException {
        try {
            tracker = ChangeTracker.open(store(), disks, log.tail());
        } catch (GodwitException damaged) {
            LOG.log(System.Logger.Level.WARNING, "what changed is not known any more: {0}", damaged.sentence());
            ChangeTracker.delete(store());
        }
    }

    private Path store() {
        return Objects.requireNonNull(file.path().toAbsolutePath().getParent());
    }

    /**
     * What the file says.
     *
     * @param reaching the images may hold something of what lies before it; never less than {@code applied}
     * @param durable so much of the log was on stable storage, if not more: a log that ends before it is damaged
     */
    record Checkpoint(
            Position applied,
            Position reaching,
            Position durable,
            Position pointsFrom,
            Map<String, Position> followers) {
        static Checkpoint read(DurableFile file) throws IOException {
            StateText text = StateText.read(file, TITLE);
            Map<String, Position> followers = new HashMap<>();
            text.values("follower", 2)
                    .forEach(words -> followers.put(words[1], new Position(StateText.parse(words[0]))));
            Position applied = new Position(text.number("applied"));
            return new Checkpoint(
                    applied,
                    position(text, REACHING).orElse(applied),
                    position(text, DURABLE).orElse(applied),
                    position(text, POINTS_FROM).orElse(Position.START),
                    followers);
        }

        private static Optional<Position> position(StateText text, String key) {
            return text.values(key, 1).stream()
                    .map(words -> new Position(StateText.parse(words[0])))
                    .findFirst();
        }

        /** What the log must hold at least. */
        Position promised() {
            return durable.reaches(reaching) ? durable : reaching;
        }

        /** The same for a log that ends there. */
        Checkpoint until(Position end) {
            Map<String, Position> cut = new HashMap<>(followers);
            cut.replaceAll((name, position) -> end.reaches(position) ? position : end);
            return new Checkpoint(applied, reaching, end.reaches(durable) ? durable : end, pointsFrom, cut);
        }

        void write(DurableFile file) throws IOException {
            List<String> lines = new ArrayList<>();
            lines.add("applied " + applied);
            if (!applied.reaches(reaching)) {
                lines.add(REACHING + " " + reaching);
            }
            if (!applied.reaches(durable)) {
                lines.add(DURABLE + " " + durable);
            }
            if (!applied.reaches(pointsFrom)) {
                lines.add(POINTS_FROM + " " + pointsFrom);
            }
            followers.forEach((name, position) -> lines.add("follower %s %s".formatted(position, name)));
            new StateText(TITLE, lines).write(file);
        }
    }

    static void write(DurableFile file, Position applied, Map<String, Position> followers) throws IOException {
        new Checkpoint(applied, applied, applied, applied, followers).write(file);
    }

    synchronized Position applied() {
        return applied;
    }

    synchronized Set<String> overrun() {
        return Set.copyOf(overrun);
    }

    synchronized Map<String, Position> followers() {
        return Map.copyOf(followers);
    }

    /** The images may hold something of what lies before it: as of an earlier position they can't be trusted any more. */
    synchronized Position reaching() {
        return reaching;
    }

    /** From now on the images may hold anything of what lies before {@code end}; written down before any of it is. */
    synchronized void reach(Position end) throws IOException {
        if (!reaching.reaches(end)) {
            write(applied, end, pointsFrom);
            reaching = end;
        }
    }

    /** The base images hold everything before {@code position}, durably. */
    synchronized void advance(Position position) throws IOException {
        Position farther = reaching.reaches(position) ? reaching : position;
        write(position, farther, pointsFrom);
        applied = position;
        reaching = farther;
    }

    /** What the images hold before this position, with the log over them, was never the state of the disks. */
    synchronized Position pointsFrom() {
        return pointsFrom;
    }

    synchronized void beginPoints(Position from) throws IOException {
        write(applied, reaching, from);
        pointsFrom = from;
    }

    /**
     * Keeps the log from {@code position} on for a follower, in place of what was kept for it before.
     *
     * @throws GodwitException NOT_FOUND if that part of the log is gone
     */
    synchronized void retain(String follower, Position position) throws IOException {
        if (follower.isEmpty() || follower.chars().anyMatch(Character::isISOControl)) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "a follower's name must be printable");
        }
        requireThere(follower, position);
        boolean known = followers.containsKey(follower);
        if (!known && followers.size() == MAX_FOLLOWERS) {
            throw new GodwitException(ErrorCode.CONFLICT, "a group has at most %d followers".formatted(MAX_FOLLOWERS));
        }
        followers.put(follower, position);
        overrun.remove(follower);
        if (!known || durable.get().since(noted).bytes() >= NOTED_EVERY_BYTES) {
            save();
        }
    }

    private void requireThere(String follower, Position position) {
        if (position.compareTo(log.tail()) < 0) {
            throw new GodwitException(
                    ErrorCode.NOT_FOUND,
                    "the log begins at %s: there is nothing left for %s from %s on, copy the disks again"
                            .formatted(log.tail(), follower, position));
        }
    }

    synchronized LogHold hold(Position from) {
        requireThere("a reader", from);
        LogHold hold = new LogHold(this, from);
        holds.add(hold);
        return hold;
    }

    synchronized void release(LogHold hold) {
        holds.remove(hold);
    }

    synchronized void forget(String follower) throws IOException {
        overrun.remove(follower);
        forgetChanges(follower);
        if (followers.remove(follower) != null) {
            save();
        }
    }

    /** Writes down what is known now. */
    synchronized void save() throws IOException {
        write(applied, reaching, pointsFrom);
    }

    private void write(Position reached, Position farthest, Position points) throws IOException {
        Position safe = durable.get();
        new Checkpoint(reached, farthest, safe, points, followers).write(file);
        noted = safe;
    }

    /** The follower has what it needs, or will never come back: what changed since it was dropped is of no use any more. */
    synchronized void forgetChanges(String follower) throws IOException {
        if (tracker.filter(known -> known.follower().equals(follower)).isPresent()) {
            tracker = Optional.empty();
            ChangeTracker.delete(store());
        }
    }

    /**
     * Takes a step towards knowing what changed from {@code end} on.
     *
     * @return what changed up to {@code to} at least; empty as long as there is more to do
     * @throws GodwitException NOT_FOUND if that can't be known
     */
    synchronized Optional<ChangedBlocks> changedSince(LogEnd end, Position to, Predicate<ChangeTracker> suits)
            throws IOException {
        ChangeTracker known = tracker.filter(suits)
                .orElseThrow(() -> new GodwitException(
                        ErrorCode.NOT_FOUND, "what changed from %s on is not known".formatted(end.position())));
        if (known.upTo().reaches(to)) {
            ChangedBlocks copy = ChangedBlocks.none(disks);
            copy.addAll(known.changed());
            return Optional.of(copy);
        }
        Position step = known.upTo().plus(TRACK_STEP_BYTES);
        known.extend(log, step.compareTo(to) < 0 ? step : to);
        return Optional.empty();
    }

    /**
     * Deletes segments that nobody needs; returns whether there were any. Where their changes are tracked, that takes
     * reading them, so it is one at a time.
     */
    synchronized boolean reclaim() throws IOException {
        long needed = applied.value();
        for (Position position : followers.values()) {
            needed = Math.min(needed, position.value());
        }
        for (LogHold hold : holds) {
            needed = Math.min(needed, hold.from().value());
        }
        if (tracker.isPresent()) {
            long first = log.endOfSegment(log.tail().value());
            if (first > needed || first >= log.head().value()) {
                return false;
            }
            needed = first;
            track(tracker.get(), new Position(first));
        }
        return log.reclaim(needed);
    }

    /** Guests go on also where there is no room for this: the disks have to be compared then. */
    private void track(ChangeTracker known, Position to) throws IOException {
        try {
            known.extend(log, to);
        } catch (IOException | GodwitException failed) {
            LOG.log(System.Logger.Level.WARNING, "what changes is not tracked any more: {0}", failed.getMessage());
            tracker = Optional.empty();
            ChangeTracker.delete(store());
        }
    }

    /**
     * Gives up those that alone keep the oldest segment, readers first; returns whether there were any. What changes from the
     * position of a follower on is tracked from now on.
     */
    synchronized boolean dropSlowest() throws IOException {
        long needed = log.endOfSegment(log.tail().value());
        if (applied.value() < needed) {
            return false;
        }
        if (holds.removeIf(hold -> hold.from().value() < needed)) {
            return true;
        }
        List<String> slow = followers.entrySet().stream()
                .filter(entry -> entry.getValue().value() < needed)
                .map(Map.Entry::getKey)
                .toList();
        if (slow.isEmpty()) {
            return false;
        }
        track(slow.getFirst(), new Position(needed));
        slow.forEach(followers::remove);
        overrun.addAll(slow);
        save();
        return true;
    }

    private void track(String follower, Position to) throws IOException {
        Position from = followers.getOrDefault(follower, to);
        ByteBuffer head = ByteBuffer.allocateDirect(LogRecord.HEADER_BYTES);
        if (tracker.isPresent() || !log.copy(from.value(), to.value(), head)) {
            return;
        }
        try {
            LogEnd since =
                    new LogEnd(from, LogRecord.decodeHead(head.flip(), from).chain());
            tracker = Optional.of(ChangeTracker.begin(store(), disks, follower, since, log, to));
        } catch (IOException | GodwitException failed) {
            LOG.log(System.Logger.Level.WARNING, "what changes from now on is not tracked: {0}", failed.getMessage());
            ChangeTracker.delete(store());
        }
    }
}
