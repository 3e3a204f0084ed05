package io.godwit.site.drain;

import io.godwit.api.DrainReport;
import io.godwit.api.DrainReport.Fate;
import io.godwit.api.DrainReport.Outcome;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.migration.drain.Candidate;
import io.godwit.migration.drain.DrainPlan;
import io.godwit.migration.drain.MeasuredMove;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The groups that a drain is about, and what has become of each so far. Plans and reports are made of it; whatever else is known of a group is asked for anew
 * each time. Thread-safe.
 */
final class DrainSheet {
    enum Stage {
        PLANNED,
        UNDER_WAY,
        ENDED
    }

    /**
     * A move that was tried.
     *
     * @param failure why it was given up
     * @param took until it was decided; empty before
     */
    record Tried(Candidate candidate, Duration began, Optional<Duration> took, Optional<String> failure) {
        boolean hasLeft() {
            return took.isPresent() && failure.isEmpty();
        }

        boolean underWay() {
            return took.isEmpty() && failure.isEmpty();
        }
    }

    private final SiteName site;
    private final GroupsHere here;
    private final Map<GroupName, Departing> groups = new LinkedHashMap<>();
    private final Map<GroupName, Tried> tried = new LinkedHashMap<>();
    /** Of moves that have just left, and are not written down to their end yet. */
    private final Map<GroupName, MeasuredMove> fresh = new ConcurrentHashMap<>();

    private volatile Function<GroupName, Optional<String>> unsafe = group -> Optional.empty();

    DrainSheet(SiteName site, GroupsHere here) {
        this.site = site;
        this.here = here;
        for (Departing group : here.all()) {
            if (group.look(List.of()).isPresent()) {
                groups.put(group.name(), group);
            }
        }
    }

    /** A group that the drain is about. */
    Departing group(GroupName name) {
        return Objects.requireNonNull(groups.get(name), () -> "no group of this drain: " + name);
    }

    /** Who knows why a group could not be made synchronous. */
    void explain(Function<GroupName, Optional<String>> failures) {
        unsafe = failures;
    }

    /** A plan for those that neither have left nor are being moved by this drain. */
    synchronized DrainPlan plan(Duration busy, Optional<Duration> left) {
        Map<GroupName, MeasuredMove> measured = new LinkedHashMap<>();
        here.all().forEach(group -> group.measured().ifPresent(move -> measured.put(group.name(), move)));
        measured.putAll(fresh);
        List<Candidate> candidates = new ArrayList<>();
        for (Departing group : groups.values()) {
            Optional<Tried> move = Optional.ofNullable(tried.get(group.name()));
            if (move.isEmpty() || move.get().failure().isPresent()) {
                look(group, measured)
                        .map(found -> move.flatMap(Tried::failure)
                                .map(reason -> found.held("it was tried and given up: " + reason))
                                .orElse(found))
                        .ifPresent(candidates::add);
            }
        }
        return DrainPlan.of(candidates, busy, left);
    }

    private static Optional<Candidate> look(Departing group, Map<GroupName, MeasuredMove> measured) {
        return group.look(measured.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(group.name()))
                .map(Map.Entry::getValue)
                .toList());
    }

    /** Whether a group that runs here isn't synchronous and could be. */
    boolean canBeSynchronised(GroupName group) {
        return group(group)
                .look(List.of())
                .filter(candidate ->
                        !candidate.synchronous() && candidate.unsafe().isEmpty())
                .isPresent();
    }

    /** Begins to move a group away. */
    Departure depart(Candidate candidate, Duration began) {
        Departure departure = group(candidate.group()).depart();
        note(new Tried(candidate, began, Optional.empty(), Optional.empty()));
        return departure;
    }

    void decided(Candidate candidate, Departure departure, Duration took) {
        departure.measured().ifPresent(move -> fresh.put(candidate.group(), move));
        note(new Tried(
                candidate,
                tried(candidate.group()).map(Tried::began).orElse(Duration.ZERO),
                Optional.of(took),
                departure.hasLeft() ? Optional.empty() : Optional.of(departure.outcome())));
    }

    void refused(Candidate candidate, String reason) {
        note(new Tried(candidate, Duration.ZERO, Optional.empty(), Optional.of(reason)));
    }

    private synchronized void note(Tried move) {
        tried.put(move.candidate().group(), move);
    }

    private synchronized Optional<Tried> tried(GroupName group) {
        return Optional.ofNullable(tried.get(group));
    }

    DrainReport report(Stage stage, Optional<Duration> left, Optional<String> reason) {
        List<DrainReport.Group> rows = new ArrayList<>();
        List<Tried> moves;
        synchronized (this) {
            moves = List.copyOf(tried.values());
        }
        moves.stream()
                .filter(move -> move.hasLeft() || move.underWay())
                .map(this::row)
                .forEach(rows::add);
        plan(Duration.ZERO, left).steps().stream()
                .map(step -> new DrainRow(stage, unsafe)
                        .of(step, group(step.candidate().group()).notes(step instanceof DrainPlan.Step.Move)))
                .forEach(rows::add);
        rows.addAll(byThemselves(rows));
        rows.addAll(others());
        boolean all = rows.stream().allMatch(row -> row.fate() == Fate.LEFT);
        Outcome outcome = switch (stage) {
            case PLANNED -> Outcome.PLANNED;
            case UNDER_WAY -> Outcome.UNDER_WAY;
            case ENDED -> all ? Outcome.DRAINED : Outcome.ENDED;
        };
        return new DrainReport(site, outcome, left.map(Duration::toMillis), reason, rows);
    }

    private DrainReport.Group row(Tried move) {
        Candidate candidate = move.candidate();
        return new DrainReport.Group(
                candidate.group(),
                Optional.of(candidate.to()),
                candidate.priority(),
                move.hasLeft() ? Fate.LEFT : Fate.MOVING,
                Optional.of(move.began().toMillis()),
                Optional.of(DrainRow.estimate(candidate)),
                move.took().map(Duration::toMillis),
                Optional.empty(),
                Optional.empty(),
                group(candidate.group()).notes(true));
    }

    /** Those that ran here when the drain began, and left without it. */
    private List<DrainReport.Group> byThemselves(List<DrainReport.Group> rows) {
        List<GroupName> known = rows.stream().map(DrainReport.Group::group).toList();
        return groups.keySet().stream()
                .filter(group -> !known.contains(group))
                .map(group -> DrainRow.of(group, Fate.LEFT, "it does not run here any more, and not by this drain"))
                .toList();
    }

    /** What is here and no part of the drain: what came meanwhile, and what could not be taken up. */
    private List<DrainReport.Group> others() {
        List<DrainReport.Group> rows = new ArrayList<>();
        here.all().stream()
                .filter(group -> !groups.containsKey(group.name())
                        && group.look(List.of()).isPresent())
                .map(group ->
                        DrainRow.of(group.name(), Fate.STAY, "it came while the site was drained: drain it again"))
                .forEach(rows::add);
        here.idle().entrySet().stream()
                .map(entry ->
                        DrainRow.of(entry.getKey(), Fate.STAY, "this site could not take it up: " + entry.getValue()))
                .forEach(rows::add);
        return rows;
    }
}
