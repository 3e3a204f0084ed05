package io.godwit.voter;

import static io.godwit.voter.Voters.EAST;
import static io.godwit.voter.Voters.WEST;
import static io.godwit.voter.Voters.WITNESS;
import static io.godwit.voter.Voters.await;
import static io.godwit.voter.Voters.knows;
import static io.godwit.voter.Voters.register;
import static io.godwit.voter.Voters.registration;
import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.GroupName;
import io.godwit.core.Term;
import io.godwit.core.json.Json;
import io.godwit.quorum.Holding;
import io.godwit.quorum.QuorumAnswer;
import io.godwit.quorum.QuorumCommand;
import io.godwit.quorum.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VoterTest {
    private static final int SNAPSHOT_EVERY = 50;

    @TempDir
    Path home = Path.of("");

    @Test
    void whoeverIsAskedAllVotersAgreeAndNobodyElseReadsTheirFiles() throws Exception {
        try (Voters voters = Voters.running(home)) {
            for (VotingSite site : voters.all()) {
                register(site, "of-" + site.name());
            }
            for (VotingSite site : voters.all()) {
                await("what the others have decided", () -> knows(site, "of-east") && knows(site, "of-west"));
                await("no trouble", () -> site.voter().trouble().isEmpty());
                assertThat(site.voter().reachable()).containsExactly(EAST, WEST, WITNESS);
                assertThat(Files.getPosixFilePermissions(site.directory()))
                        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
            }
        }
    }

    @Test
    void whenTheLeaderIsGoneAnotherLeadsAndAnswers() throws Exception {
        try (Voters voters = Voters.running(home)) {
            register(voters.at(EAST), "before");
            VotingSite first = voters.leader();
            first.stop();
            for (VotingSite site : voters.all()) {
                if (site != first) {
                    register(site, "after-" + site.name());
                    assertThat(knows(site, "before")).isTrue();
                }
            }
            assertThat(voters.leader()).isNotSameAs(first);
        }
    }

    @Test
    void aSiteThatDoesNotHearTheLeaderIsHeardByWayOfTheThirdVoter() throws Exception {
        try (Voters voters = Voters.running(home)) {
            VotingSite leader = voters.leader();
            VotingSite parted = voters.follower();
            register(parted, "before");
            leader.part(parted);
            for (int group = 0; group < 20; group++) {
                register(parted, "parted-" + group);
                register(leader, "led-" + group);
            }
        }
    }

    @Test
    void aCommandThatIsAskedAgainIsAppliedOnceAndWhoWaitsForNewsHearsOfIt() throws Exception {
        try (Voters voters = Voters.running(home)) {
            newsAreHeard(voters);
            register(voters.at(EAST), "shop");
            VotingSite leader = voters.leader();
            Holding holding = new Holding(new GroupName("shop"), EAST, new Session(7), new Term(1), 1);
            Ask ask = new Ask(1, 1, 5_000, new QuorumCommand.Renew(holding));
            byte[] question = Json.bytes(new Asks(List.of(ask)));
            Submission submission = leader.voter().submission().orElseThrow();
            for (int time = 0; time < 3; time++) {
                assertThat(submission
                                .submit(Asks.read(question, EAST))
                                .replies()
                                .getFirst())
                        .isInstanceOfSatisfying(
                                Ask.Reply.Agreed.class,
                                agreed -> assertThat(agreed.answer()).isInstanceOf(QuorumAnswer.Granted.class));
            }
        }
    }

    private static void newsAreHeard(Voters voters) throws Exception {
        register(voters.at(EAST), "first");
        Voter west = voters.at(WEST).voter();
        await("the first news", () -> knows(voters.at(WEST), "first"));
        long seen = west.agreed().version();
        assertThat(west.awaitAfter(seen, Duration.ofMillis(50)).version()).isEqualTo(seen);
        register(voters.at(EAST), "second");
        assertThat(west.awaitAfter(seen, Voters.GENEROUS).version()).isGreaterThan(seen);
        assertThat(knows(voters.at(WEST), "second")).isTrue();
    }

    @Test
    void aVoterThatWasAwayCatchesUp() throws Exception {
        try (Voters voters = Voters.running(home)) {
            VotingSite away = voters.follower();
            away.stop();
            VotingSite here = voters.leader();
            register(here, "meanwhile");
            voters.start(away);
            await("what was decided meanwhile", () -> knows(away, "meanwhile"));
        }
    }

    @Test
    void aVoterThatWasAwayForLongCatchesUpBySnapshot() throws Exception {
        try (Voters voters = new Voters(home, SNAPSHOT_EVERY)) {
            voters.startAll();
            VotingSite away = voters.follower();
            away.stop();
            VotingSite here = voters.leader();
            registerMany(here, 500);
            await("the log's beginning to be deleted", () -> logFiles(here).noneMatch(name -> name.contains("_0")));
            voters.start(away);
            await("what was decided meanwhile", () -> knows(away, "group-0") && knows(away, "group-499"));
            assertThat(away.voter().agreed().state())
                    .isEqualTo(here.voter().agreed().state());
            register(away, "afterwards");
        }
    }

    private static void registerMany(VotingSite site, int count) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<Future<?>> registrations = IntStream.range(0, count)
                    .<Future<?>>mapToObj(number -> threads.submit(() -> {
                        register(site, "group-" + number);
                        return number;
                    }))
                    .toList();
            for (Future<?> registration : registrations) {
                registration.get();
            }
        }
    }

    private static Stream<String> logFiles(VotingSite site) {
        Path files = RaftStore.of(site.directory()).current(Voters.LIST).path();
        try (Stream<Path> listed = Files.list(files)) {
            return listed
                    .map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("log_"))
                    .toList()
                    .stream();
        } catch (IOException changing) {
            return Stream.of("log_0");
        }
    }

    @Test
    void aMinorityDecidesNothing() throws Exception {
        try (Voters voters = Voters.running(home)) {
            register(voters.at(EAST), "before");
            voters.at(WEST).stop();
            voters.at(WITNESS).stop();
            assertThat(voters.at(EAST).voter().ask(registration(EAST, "alone"), Duration.ofSeconds(2)))
                    .isEmpty();
            assertThat(knows(voters.at(EAST), "alone")).isFalse();
            await(
                    "the lonely voter to notice",
                    () -> voters.at(EAST)
                            .voter()
                            .trouble()
                            .filter(said -> said.contains("2 are needed"))
                            .isPresent());
            voters.start(voters.at(WEST));
            register(voters.at(EAST), "together");
        }
    }

    @Test
    void whatWasDecidedSurvivesARestartOfAll() throws Exception {
        try (Voters voters = Voters.running(home)) {
            register(voters.at(WEST), "shop");
            for (VotingSite site : voters.all()) {
                site.stop();
            }
            voters.startAll();
            for (VotingSite site : voters.all()) {
                await("what was decided before", () -> knows(site, "shop"));
            }
        }
    }
}
