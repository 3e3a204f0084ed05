package io.godwit.volume;

import io.godwit.core.DurableFile;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How far the log was applied to the base images and how far its followers are; from that, which segments may go.
 * Persisted in the store's checkpoint file: the applied position always before a segment is deleted because of it, a
 * known follower's position now and then (an older one only keeps more log).
 */
final class Progress {
    private static final String TITLE = "godwit-checkpoint 1";
    /** So many followers a group may have. */
    static final int MAX_FOLLOWERS = 16;

    private final DurableFile file;
    private final GroupLog log;
    private final Map<String, Position> followers;
    private final Set<String> overrun = new HashSet<>();
    private Position applied;

    Progress(DurableFile file, GroupLog log, Checkpoint found) {
        this.file = file;
        this.log = log;
        this.followers = new HashMap<>(found.followers);
        this.applied = found.applied;
    }

    /** What the file says. */
    record Checkpoint(Position applied, Map<String, Position> followers) {
        static Checkpoint read(DurableFile file) throws IOException {
            StateText text = StateText.read(file, TITLE);
            Map<String, Position> followers = new HashMap<>();
            text.values("follower", 2)
                    .forEach(words -> followers.put(words[1], new Position(StateText.parse(words[0]))));
            return new Checkpoint(new Position(text.number("applied")), followers);
        }

        void write(DurableFile file) throws IOException {
            List<String> lines = new ArrayList<>();
            lines.add("applied " + applied);
            followers.forEach((name, position) -> lines.add("follower %s %s".formatted(position, name)));
            new StateText(TITLE, lines).write(file);
        }
    }

    static void write(DurableFile file, Position applied, Map<String, Position> followers) throws IOException {
        new Checkpoint(applied, followers).write(file);
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

    /** The base images hold everything before {@code position}, durably. */
    synchronized void advance(Position position) throws IOException {
        new Checkpoint(position, followers).write(file);
        applied = position;
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
        if (position.compareTo(log.tail()) < 0) {
            throw new GodwitException(
                    ErrorCode.NOT_FOUND,
                    "the log begins at %s: there is nothing left for %s from %s on, copy the disks again"
                            .formatted(log.tail(), follower, position));
        }
        boolean known = followers.containsKey(follower);
        if (!known && followers.size() == MAX_FOLLOWERS) {
            throw new GodwitException(ErrorCode.CONFLICT, "a group has at most %d followers".formatted(MAX_FOLLOWERS));
        }
        followers.put(follower, position);
        overrun.remove(follower);
        if (!known) {
            save();
        }
    }

    synchronized void forget(String follower) throws IOException {
        overrun.remove(follower);
        if (followers.remove(follower) != null) {
            save();
        }
    }

    private void save() throws IOException {
        new Checkpoint(applied, followers).write(file);
    }

    /** Deletes the segments that nobody needs; returns whether there were any. */
    synchronized boolean reclaim() throws IOException {
        long needed = applied.value();
        for (Position position : followers.values()) {
            needed = Math.min(needed, position.value());
        }
        return log.reclaim(needed);
    }

    /** Gives up the followers that alone keep the oldest segment; returns whether there were any. */
    synchronized boolean dropSlowest() throws IOException {
        long needed = log.endOfSegment(log.tail().value());
        if (applied.value() < needed) {
            return false;
        }
        List<String> slow = followers.entrySet().stream()
                .filter(entry -> entry.getValue().value() < needed)
                .map(Map.Entry::getKey)
                .toList();
        if (slow.isEmpty()) {
            return false;
        }
        slow.forEach(followers::remove);
        overrun.addAll(slow);
        save();
        return true;
    }
}
