package io.godwit.lab.chaos;

import io.godwit.api.ApiReply;
import io.godwit.api.ApiRequest;
import io.godwit.api.GroupStatus;
import io.godwit.api.SiteStatus;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.lab.LabSite;
import io.godwit.lab.LabSites;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks both sites what they see, all the time and each on its own, since one may not answer; the invariants are told everything. */
final class Lookout implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(150);

    /** What a site said longer ago is not believed any more. */
    private static final Duration FRESH = Duration.ofSeconds(2);

    private final GroupName group;
    private final List<Invariant> invariants;
    private final CountDownLatch ending = new CountDownLatch(1);
    private final Map<SiteName, Sight> latest = new HashMap<>();
    private final Map<SiteName, String> kinds = new HashMap<>();
    private final List<String> findings = new ArrayList<>();
    private long leaderlessSinceNanos;
    private long leaderlessNanos;

    Lookout(List<LabSite> sites, GroupName group, List<Invariant> invariants) {
        this.group = group;
        this.invariants = List.copyOf(invariants);
        sites.forEach(site -> Thread.ofVirtual().name("lookout-" + site.name()).start(() -> watch(site)));
    }

    private void watch(LabSite site) {
        try {
            do {
                look(site);
            } while (!ending.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(LabSite site) {
        long asked = System.nanoTime();
        try {
            if (LabSites.api(site).ask(new ApiRequest.Status(Optional.empty()))
                    instanceof ApiReply.Status(SiteStatus status)) {
                Optional<GroupStatus> seen = status.groups().stream()
                        .filter(one -> one.group().equals(group))
                        .findFirst();
                take(new Sight(site.name(), asked, System.nanoTime(), status, seen));
            }
        } catch (GodwitException away) {
            // A site that is away shows nothing; what it showed last grows old.
        }
    }

    private synchronized void take(Sight sight) {
        latest.put(sight.site(), sight);
        invariants.forEach(invariant -> invariant.sees(sight));
        sight.tenure().flatMap(GroupStatus.Tenure::finding).ifPresent(finding -> found(sight.site(), finding));
        watchLeader(sight);
    }

    /** What differs in a number alone is not news. */
    private void found(SiteName site, String finding) {
        String kind = finding.replaceAll("\\d+", "");
        if (!kind.equals(kinds.put(site, kind))) {
            findings.add(site + ": " + finding);
        }
    }

    /** Nobody leads as long as no site knows of a leader. */
    private void watchLeader(Sight sight) {
        boolean led = latest.values().stream()
                .flatMap(seen -> seen.status().voting().stream())
                .anyMatch(voting -> voting.leader().isPresent());
        long now = sight.answeredNanos();
        if (leaderlessSinceNanos != 0) {
            leaderlessNanos += now - leaderlessSinceNanos;
        }
        leaderlessSinceNanos = led ? 0 : now;
    }

    /** What the site said last, if that is not too long ago. */
    synchronized Optional<Sight> latest(SiteName site) {
        return Optional.ofNullable(latest.get(site))
                .filter(sight -> System.nanoTime() - sight.answeredNanos() < FRESH.toNanos());
    }

    /** The site that takes the group for its own, in the newest term that is known of. */
    Optional<SiteName> owner() {
        return owning().map(Sight::site);
    }

    /** The newest term in which a site takes the group for its own. */
    Optional<Term> term() {
        return owning().flatMap(Sight::group).map(GroupStatus::term);
    }

    private synchronized Optional<Sight> owning() {
        return latest.keySet().stream()
                .flatMap(site -> latest(site).stream())
                .filter(Sight::owns)
                .max(Comparator.comparing(sight -> sight.group().orElseThrow().term()));
    }

    /** What the sites have found since this was asked last, each with the name of the site. */
    synchronized List<String> newFindings() {
        List<String> found = List.copyOf(findings);
        findings.clear();
        return found;
    }

    /** For how long nobody led the voters, as far as the sites knew, since this was asked last. */
    synchronized Duration leaderless() {
        Duration sum = Duration.ofNanos(leaderlessNanos);
        leaderlessNanos = 0;
        return sum;
    }

    synchronized Optional<String> broken() {
        return invariants.stream()
                .flatMap(invariant -> invariant.broken().stream())
                .findFirst();
    }

    @Override
    public void close() {
        ending.countDown();
    }
}
