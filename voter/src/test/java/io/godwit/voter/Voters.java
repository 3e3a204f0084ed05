package io.godwit.voter;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.quorum.QuorumAnswer;
import io.godwit.quorum.QuorumCommand;
import io.godwit.quorum.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Three voters in this process, over real links: east, west and a witness. */
final class Voters implements AutoCloseable {
    static final SiteName EAST = new SiteName("east");
    static final SiteName WEST = new SiteName("west");
    static final SiteName WITNESS = new SiteName("witness");
    static final VoterList LIST = new VoterList(List.of(EAST, WEST, WITNESS));
    static final Duration GENEROUS = Duration.ofSeconds(60);

    private final int snapshotEvery;
    private final List<VotingSite> sites = new ArrayList<>();

    Voters(Path home, int snapshotEvery) throws IOException {
        this.snapshotEvery = snapshotEvery;
        for (SiteName name : LIST.names()) {
            VotingSite site = new VotingSite(home, name);
            for (VotingSite earlier : sites) {
                site.pairWith(earlier);
            }
            sites.add(site);
        }
    }

    /** All three, running. */
    static Voters running(Path home) throws IOException {
        Voters voters = new Voters(home, RaftSettings.SNAPSHOT_EVERY);
        voters.startAll();
        return voters;
    }

    void startAll() {
        sites.forEach(this::start);
    }

    void start(VotingSite site) {
        site.open(LIST, snapshotEvery);
    }

    VotingSite at(SiteName name) {
        return sites.stream()
                .filter(site -> site.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    List<VotingSite> all() {
        return sites;
    }

    /** A site whose voter leads, as all that run agree. */
    VotingSite leader() throws InterruptedException {
        await("a leader", () -> agreedLeader().isPresent());
        return at(agreedLeader().orElseThrow());
    }

    VotingSite follower() throws InterruptedException {
        VotingSite leader = leader();
        return sites.stream()
                .filter(site -> site != leader && site.runs())
                .findFirst()
                .orElseThrow();
    }

    private Optional<SiteName> agreedLeader() {
        List<Optional<SiteName>> said = sites.stream()
                .filter(VotingSite::runs)
                .map(site -> site.voter().leader())
                .distinct()
                .toList();
        return said.size() == 1 ? said.getFirst() : Optional.empty();
    }

    /** Has that site register a group; fails unless the voters grant it. */
    static void register(VotingSite site, String group) throws InterruptedException {
        assertThat(site.voter().ask(registration(site.name(), group), GENEROUS))
                .as("%s registers %s", site.name(), group)
                .hasValueSatisfying(answer -> assertThat(answer).isInstanceOf(QuorumAnswer.Granted.class));
    }

    static QuorumCommand registration(SiteName site, String group) {
        return new QuorumCommand.Register(new GroupName(group), site, new Session(7), new Term(1), 3_000);
    }

    static boolean knows(VotingSite site, String group) {
        return site.voter().agreed().state().find(new GroupName(group)).isPresent();
    }

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + GENEROUS.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waiting for " + what).isLessThan(end);
            Thread.sleep(20);
        }
    }

    @Override
    public void close() throws IOException {
        for (VotingSite site : sites) {
            site.close();
        }
    }
}
