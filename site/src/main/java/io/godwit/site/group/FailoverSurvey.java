package io.godwit.site.group;

import io.godwit.api.CheckpointWish;
import io.godwit.api.FailoverReport;
import io.godwit.api.FailoverReport.Outcome;
import io.godwit.api.FailoverReport.Recovery;
import io.godwit.api.PointWish;
import io.godwit.api.ReplicationMode;
import io.godwit.core.ByteCount;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import io.godwit.site.checkpoint.KeptCheckpoint;
import io.godwit.site.checkpoint.MemoryChoice;
import io.godwit.site.history.Points;
import io.godwit.site.peer.PeerRequest.OwnersLog;
import io.godwit.volume.GroupStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What this site has to take a group over with, at one moment, and what speaks against it.
 *
 * @param end where what is here ends
 * @param point where the disks would be: {@code end}, or the point that was asked for
 * @param newest when the log is known to have come to its end, by the owner's clock
 * @param repairing whether a newer copy had been begun and isn't complete
 * @param own whether this site is the owner, and only waits to know it
 * @param sync up to where all writes of disks of class sync are here, ahead of the log; only where there are async disks as well
 * @param memory whether the machines go on from a checkpoint: not where another point was asked for
 */
record FailoverSurvey(
        Position end,
        Position point,
        Optional<Instant> newest,
        Optional<OwnerNews> news,
        boolean repairing,
        boolean own,
        Optional<Position> sync,
        MemoryChoice memory) {

    /** @throws io.godwit.core.GodwitException CONFLICT if there is nothing complete here, or the group is served here */
    static FailoverSurvey of(GroupAgent agent, Optional<PointWish> at) throws IOException {
        GroupStore store = switch (agent.role()) {
            case Serving serving -> waiting(agent, serving);
            case Following following -> complete(agent, following);
        };
        Position durable = store.durable();
        Points points = Points.of(store);
        Position end = points.newest();
        Optional<Instant> newest = points.latest();
        Optional<Position> wished = at.map(points::find);
        MemoryChoice memory = new MemorySurvey(agent, store, points, newest).choose(wished);
        return new FailoverSurvey(
                durable,
                memory instanceof MemoryChoice.Resume resume ? resume.from().position() : wished.orElse(end),
                newest,
                agent.watch().news(),
                agent.role() instanceof Following following
                        && following.replica().status().repairing(),
                agent.role() instanceof Serving,
                agent.record().definition().hasAsyncDisks()
                        ? Optional.of(store.early().covered())
                        : Optional.empty(),
                memory);
    }

    private static GroupStore waiting(GroupAgent agent, Serving serving) {
        agent.move().filter(move -> !move.hasEnded()).ifPresent(move -> {
            throw GroupAgent.refusal("group %s is being moved to %s"
                    .formatted(agent.name(), move.move().to()));
        });
        if (agent.watch().sure()) {
            throw GroupAgent.refusal("group %s runs at %s already"
                    .formatted(agent.name(), agent.site().name()));
        }
        return serving.store();
    }

    private static GroupStore complete(GroupAgent agent, Following following) {
        return following
                .replica()
                .store()
                .filter(store -> following.replica().status().consistent())
                .orElseThrow(() -> GroupAgent.refusal(
                        "the replica of group %s at %s is not a complete copy: there is nothing here that could be taken over"
                                .formatted(agent.name(), agent.site().name())));
    }

    void requireFit(GroupAgent agent, boolean acceptLoss) {
        if (repairing && !acceptLoss) {
            throw GroupAgent.refusal(
                    "the replica of group %s is an old copy, of %s; a newer one is not complete: add --accept-loss to take the old one"
                            .formatted(agent.name(), when()));
        }
    }

    private String when() {
        return newest.map(Instant::toString).orElse("a time that is not known");
    }

    private Optional<OwnersLog> log() {
        return news.flatMap(OwnerNews::log);
    }

    private Optional<ByteCount> behindBytes() {
        return log().map(known -> known.durable().since(end));
    }

    private Optional<Long> behindMillis() {
        return log().flatMap(known -> end.reaches(known.durable())
                ? Optional.of(0L)
                : newest.map(time -> Math.max(0, known.millis() - time.toEpochMilli())));
    }

    /** Nothing that was acknowledged as safe is missing where that waited for this site to the last. */
    private boolean promised() {
        return log().filter(OwnersLog::kept)
                .map(OwnersLog::mode)
                .filter(mode -> mode.whenCut() == ReplicationMode.WhenCut.STALL)
                .filter(mode -> mode.kind() == ReplicationMode.Kind.SYNC || mode.kind() == ReplicationMode.Kind.STRICT)
                .isPresent();
    }

    /** Whether nothing of what is here is left behind. */
    boolean isNewest() {
        return switch (memory) {
            case MemoryChoice.Resume resume -> resume.givenUp().bytes() == 0;
            case MemoryChoice.Boot _ -> point.reaches(end);
        };
    }

    /** Where the disks are to go back to; empty if they stay as they are. Also without a wish the log's end may be in the middle of a rewind. */
    Optional<Position> goBackTo() {
        return isNewest() && !(memory instanceof MemoryChoice.Resume) ? Optional.empty() : Optional.of(point);
    }

    private Optional<Long> rpoMillis() {
        if (memory instanceof MemoryChoice.Resume resume && !isNewest()) {
            long since = resume.givenUpFor().toMillis();
            return Optional.of(log().map(known -> known.millis() - resume.from().epochMillis())
                    .filter(known -> known > since)
                    .orElse(since));
        }
        if (own || !isNewest()) {
            return own && isNewest() ? Optional.of(0L) : Optional.empty();
        }
        return promised() && !repairing && sync.isEmpty() ? Optional.of(0L) : behindMillis();
    }

    private List<String> risks(GroupAgent agent) {
        List<String> risks = new ArrayList<>();
        risks.addAll(agent.tenancy()
                .map(tenancy -> new OperatorsClaim(agent, tenancy).risks())
                .orElseGet(() -> List.of(
                        "site %s must not be running group %s: this site can't know that, and whoever says --yes vouches for it"
                                .formatted(agent.peer(), agent.name()))));
        risks.addAll(ages(agent));
        if (repairing) {
            risks.add("what is complete here is an old copy, of %s".formatted(when()));
        }
        if (!isNewest() && !(memory instanceof MemoryChoice.Resume)) {
            risks.add("%s of the log after the point %s are left behind; they stay in the history"
                    .formatted(end.since(point), point));
        }
        risks.add(ofMemory());
        return risks;
    }

    private String ofMemory() {
        return switch (memory) {
            case MemoryChoice.Boot(String why) ->
                "the machines are booted from their disks, and what was only in their memory is gone, since " + why;
            case MemoryChoice.Resume(KeptCheckpoint from, ByteCount givenUp, Duration _)
            when givenUp.bytes() == 0 ->
                "the machines go on from their memory as of %s; nothing was written to their disks since"
                        .formatted(from.time());
            case MemoryChoice.Resume(KeptCheckpoint from, ByteCount givenUp, Duration behind) ->
                "the machines go on from their memory as of %s; what was written to their disks since, %s in about %.1f s, is given up, and stays in the history"
                        .formatted(from.time(), givenUp, behind.toMillis() / 1000.0);
        };
    }

    private String mechanism(GroupAgent agent) {
        boolean warm = agent.record()
                .definition()
                .memoryProtection()
                .filter(wish -> wish.effectiveStandby() == CheckpointWish.Standby.WARM)
                .isPresent();
        return switch (memory) {
            case MemoryChoice.Boot _ -> Recovery.COLD_RESTART;
            case MemoryChoice.Resume _ -> warm ? Recovery.WARM_STANDBY : Recovery.CHECKPOINT;
        };
    }

    private List<String> ages(GroupAgent agent) {
        SiteName owner = agent.record().owner();
        if (own) {
            return List.of(
                    "if %s was replaced as the owner while it was away, what clients write from now on will be set aside"
                            .formatted(owner));
        }
        if (!promised() || repairing) {
            return List.of(age(owner));
        }
        String kept = "flushes waited for this site when %s was last heard of, %d s ago"
                .formatted(owner, news.orElseThrow().silentMillis() / 1000);
        if (!isNewest()) {
            return List.of("all that was acknowledged as safe has arrived here, and not all of it is kept: " + kept);
        }
        return sync.isEmpty()
                ? List.of("nothing that was acknowledged as safe is missing: " + kept)
                : List.of(
                        "nothing that was acknowledged as safe is missing but of disks %s, of class async: %s"
                                .formatted(asyncDisks(agent), kept),
                        age(owner));
    }

    private static String asyncDisks(GroupAgent agent) {
        return agent.record()
                .definition()
                .asyncDisks()
                .map(disk -> disk.name().toString())
                .collect(Collectors.joining(", "));
    }

    private String age(SiteName owner) {
        if (behindBytes().isPresent()) {
            return "when %s was last heard of, %d s ago, %s of its log had not arrived, the oldest of it %s old; what it acknowledged after that is not known here"
                    .formatted(
                            owner,
                            news.orElseThrow().silentMillis() / 1000,
                            behindBytes().get(),
                            behindMillis().map(millis -> millis + " ms").orElse("of unknown age"));
        }
        return "%s was not heard of since this site's daemon was started: how much of its log is missing is not known; what is here is of %s"
                .formatted(owner, when());
    }

    FailoverReport report(GroupAgent agent, Outcome outcome) {
        return new FailoverReport(
                agent.name(),
                agent.record().owner(),
                agent.site().name(),
                outcome,
                Optional.empty(),
                Optional.empty(),
                new FailoverReport.Copy(
                        end,
                        point,
                        sync,
                        log().map(OwnersLog::durable),
                        behindBytes(),
                        behindMillis(),
                        news.map(OwnerNews::silentMillis),
                        agent.record().mode().kind()),
                new Recovery(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        rpoMillis(),
                        Optional.empty(),
                        mechanism(agent)),
                risks(agent),
                List.of());
    }
}
