package io.godwit.site.drain;

import io.godwit.api.DrainReport;
import io.godwit.api.DrainReport.Fate;
import io.godwit.api.GroupDefinition;
import io.godwit.core.GroupName;
import io.godwit.migration.drain.Candidate;
import io.godwit.migration.drain.DrainPlan.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A group's line in a drain's report.
 *
 * @param unsafe why a group could not be made synchronous when that was tried
 */
record DrainRow(DrainSheet.Stage stage, Function<GroupName, Optional<String>> unsafe) {
    DrainReport.Group of(Step step, List<String> notes) {
        Candidate candidate = step.candidate();
        boolean over = stage == DrainSheet.Stage.ENDED;
        return switch (step) {
            case Step.Move move ->
                row(
                        candidate,
                        over ? still(candidate) : Fate.MOVE,
                        over ? Optional.empty() : Optional.of(move.begins()),
                        over ? Optional.of("the drain ended before its turn") : Optional.empty(),
                        notes);
            case Step.Synchronise(Candidate _, String reason) ->
                row(
                        candidate,
                        candidate.synchronous() || over ? still(candidate) : Fate.SYNCHRONISE,
                        Optional.empty(),
                        Optional.of(reason + failure(candidate)),
                        notes);
            case Step.Stay(Candidate _, String reason) ->
                row(candidate, Fate.STAY, Optional.empty(), Optional.of(reason), notes);
        };
    }

    private static Fate still(Candidate candidate) {
        return candidate.synchronous() ? Fate.SYNCHRONOUS : Fate.STAY;
    }

    private String failure(Candidate candidate) {
        return candidate.synchronous()
                ? ""
                : unsafe.apply(candidate.group())
                        .map("; it could not be synchronised: "::concat)
                        .orElse("");
    }

    private static DrainReport.Group row(
            Candidate candidate, Fate fate, Optional<Duration> begins, Optional<String> reason, List<String> notes) {
        return new DrainReport.Group(
                candidate.group(),
                Optional.of(candidate.to()),
                candidate.priority(),
                fate,
                begins.map(Duration::toMillis),
                Optional.of(estimate(candidate)),
                Optional.empty(),
                fate == Fate.SYNCHRONISE ? Optional.of(candidate.synchronising().toMillis()) : Optional.empty(),
                reason,
                notes);
    }

    /** A group of which no more is known. */
    static DrainReport.Group of(GroupName group, Fate fate, String reason) {
        return new DrainReport.Group(
                group,
                Optional.empty(),
                GroupDefinition.DEFAULT_PRIORITY,
                fate,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(reason),
                List.of());
    }

    static DrainReport.Estimate estimate(Candidate candidate) {
        return new DrainReport.Estimate(
                candidate.estimate().expected().toMillis(),
                candidate.estimate().basis().word(),
                candidate.estimate().because());
    }
}
