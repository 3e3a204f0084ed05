package io.godwit.lab.chaos;

import io.godwit.api.GroupStatus;
import io.godwit.api.SiteStatus;
import io.godwit.core.SiteName;
import io.godwit.lab.LabSite;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What still stands against all being well: both sites answer and agree, one serves, the other has everything, the voters are there. */
final class Health {
    private final Promise promise;
    private final List<String> lacks = new ArrayList<>();

    private Health(Promise promise) {
        this.promise = promise;
    }

    static List<String> lacks(Lookout lookout, List<LabSite> sites, Promise promise) {
        Health health = new Health(promise);
        List<Sight> sights = sites.stream()
                .flatMap(site -> health.sight(lookout, site.name()).stream())
                .toList();
        if (sights.size() == sites.size()) {
            health.agree(sights);
        }
        return List.copyOf(health.lacks);
    }

    private Optional<Sight> sight(Lookout lookout, SiteName site) {
        Optional<Sight> seen = lookout.latest(site);
        require(seen.isPresent(), site + " does not answer");
        seen.ifPresent(this::alone);
        return seen;
    }

    private void alone(Sight sight) {
        require(sight.group().isPresent(), sight.site() + " has not taken the group up");
        Optional<SiteStatus.Voting> voting = sight.status().voting();
        require(
                voting.flatMap(SiteStatus.Voting::leader).isPresent(),
                sight.site() + " knows of nobody who leads the voters");
        require(
                voting.filter(one -> one.reachable().size() == one.voters().size())
                        .isPresent(),
                sight.site() + " does not hear all voters");
        sight.group().filter(seen -> !sight.owns()).ifPresent(this::follower);
        sight.group().filter(seen -> sight.owns()).ifPresent(this::owner);
    }

    private void follower(GroupStatus group) {
        require(group.role().equals("following"), "the replica's site is " + group.role());
        require(group.vms().isEmpty(), "the replica's site has machines");
    }

    private void owner(GroupStatus group) {
        require(group.role().equals("serving"), "the owner is " + group.role());
        group.trouble().ifPresent(lacks::add);
        group.tenure().ifPresent(this::tenure);
        group.vms().forEach(vm -> require(vm.state().equals("running"), "the machine is " + vm.state()));
        group.replication().ifPresentOrElse(this::replication, () -> lacks.add("the owner doesn't ship"));
    }

    private void tenure(GroupStatus.Tenure tenure) {
        require(tenure.standing().equals("serving"), "the owner's tenure is " + tenure.standing());
        require(
                !promise.losesNothing() || tenure.replica().equals(Optional.of("complete")),
                "the voters have not heard that the replica is complete");
    }

    private void replication(GroupStatus.Replication replication) {
        require(replication.connected(), "the replica is not connected");
        require(replication.seeded(), "the replica is not a whole copy yet");
        require(
                !promise.losesNothing() || replication.waiting().equals("flushes"),
                "flushes don't wait for the replica");
        replication.alarms().forEach(alarm -> lacks.add(alarm.sentence()));
    }

    private void agree(List<Sight> sights) {
        long owners = sights.stream().filter(Sight::owns).count();
        require(owners == 1, "%d sites take the group for their own".formatted(owners));
        long terms = sights.stream()
                .flatMap(sight -> sight.group().stream())
                .map(GroupStatus::term)
                .distinct()
                .count();
        require(terms == 1, "the sites know of different terms");
    }

    private void require(boolean so, String otherwise) {
        if (!so) {
            lacks.add(otherwise);
        }
    }
}
