package io.godwit.site.drain;

import io.godwit.api.ApiRequest;
import io.godwit.api.DrainReport;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The desk for drains of this site. There is one drain at a time; whoever asks for one while it is under way joins it. */
public final class Drain {
    private final SiteName site;
    private final GroupsHere groups;
    private final Duration look;
    private @Nullable DrainRun last;

    public Drain(SiteName site, GroupsHere groups) {
        this(site, groups, DrainRun.LOOK);
    }

    Drain(SiteName site, GroupsHere groups, Duration look) {
        this.site = site;
        this.groups = groups;
        this.look = look;
    }

    /** What a drain would do now, or how the one under way stands; nothing is changed. */
    public synchronized DrainReport plan(ApiRequest.Drain wish, List<SiteName> peers) {
        requireThisSite(wish.site(), peers);
        Optional<DrainRun> current = underWay();
        return current.isPresent()
                ? current.get().report()
                : new DrainSheet(site, groups)
                        .report(DrainSheet.Stage.PLANNED, within(wish.withinSeconds()), Optional.empty());
    }

    /** Begins a drain; if one is under way, the times that are given count for that one from now on. */
    public synchronized DrainRun begin(ApiRequest.Drain wish, List<SiteName> peers) {
        requireThisSite(wish.site(), peers);
        Optional<DrainRun> current = underWay();
        if (current.isPresent()) {
            if (wish.withinSeconds().isPresent()) {
                current.get().limit(within(wish.withinSeconds()), within(wish.patienceSeconds()));
            }
            return current.get();
        }
        DrainRun run = new DrainRun(new DrainSheet(site, groups), look);
        run.limit(within(wish.withinSeconds()), within(wish.patienceSeconds()));
        last = run;
        run.start();
        return run;
    }

    public synchronized void stop(SiteName wished, List<SiteName> peers) {
        requireThisSite(wished, peers);
        underWay()
                .orElseThrow(
                        () -> new GodwitException(ErrorCode.CONFLICT, "site %s is not being drained".formatted(site)))
                .stop("the drain was stopped");
    }

    /** The daemon ends: a drain does not outlive it. */
    public synchronized void leave() {
        underWay().ifPresent(run -> run.stop("the site's daemon ends"));
    }

    private Optional<DrainRun> underWay() {
        return Optional.ofNullable(last).filter(run -> !run.hasEnded());
    }

    private static Optional<Duration> within(Optional<Integer> seconds) {
        return seconds.map(Duration::ofSeconds);
    }

    /** A site lets no other one order its groups away. */
    private void requireThisSite(SiteName wished, List<SiteName> peers) {
        if (wished.equals(site)) {
            return;
        }
        throw peers.contains(wished)
                ? new GodwitException(
                        ErrorCode.CONFLICT,
                        "this is site %s: ask the daemon of %s, on its host or with --api, to drain %s"
                                .formatted(site, wished, wished))
                : new GodwitException(
                        ErrorCode.NOT_FOUND,
                        "site %s knows no site %s; only %s itself can be drained here".formatted(site, wished, site));
    }
}
