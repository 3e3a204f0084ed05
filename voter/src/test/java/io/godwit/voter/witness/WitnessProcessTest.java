package io.godwit.voter.witness;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.api.SiteStatus;
import io.godwit.core.SiteName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, and the commands of their users. Three witnesses stand in for two sites and a witness: all voters are alike. */
class WitnessProcessTest {
    private static final int LOOK_MILLIS = 100;

    /** Looks, not seconds: processes that were stopped for a while have not been looked at meanwhile. */
    private static final int LOOKS = 1_800;

    private static final String VOTERS = "anna,bert,carl";

    /** A file may have so many blocks of 1 KiB: enough for everything but Raft's log. */
    private static final List<String> LITTLE_ROOM = List.of("bash", "-c", "ulimit -f 256; exec \"$@\"", "limited");

    @TempDir
    Path home = Path.of("");

    private static SiteStatus.Voting await(RunningWitness witness, Predicate<SiteStatus.Voting> wanted)
            throws IOException, InterruptedException {
        Optional<SiteStatus.Voting> voting = witness.voting();
        for (int look = 0; look < LOOKS && voting.filter(wanted).isEmpty(); look++) {
            Thread.sleep(LOOK_MILLIS);
            voting = witness.voting();
        }
        assertThat(voting.filter(wanted))
                .as("%s says %s; its log: %s", witness.name(), voting, witness.log())
                .isPresent();
        return voting.orElseThrow();
    }

    private static boolean allWell(SiteStatus.Voting voting) {
        return voting.leader().isPresent()
                && voting.reachable().size() == 3
                && voting.trouble().isEmpty();
    }

    @Test
    void threeThatWerePairedVoteOneThatCannotWriteSaysSoAndOneThatIsKilledIsMissedBothComeBack() throws Exception {
        try (RunningWitness anna = new RunningWitness(home, "anna", VOTERS);
                RunningWitness bert = new RunningWitness(home, "bert", VOTERS);
                RunningWitness carl = new RunningWitness(home, "carl", VOTERS)) {
            anna.startWith(LITTLE_ROOM);
            bert.start();
            carl.start();
            for (RunningWitness witness : List.of(anna, bert, carl)) {
                await(witness, voting -> voting.leader().isEmpty());
            }
            assertThat(anna.run("", "status").output())
                    .contains("voters 1 of 3 reachable (anna), nobody leads")
                    .contains("2 are needed");
            bert.join(anna);
            carl.join(anna);
            carl.join(bert);
            oneThatCannotWriteItsLogSaysSoAndGoesOnAnswering(anna, bert);
            assertThat(bert.run("", "forget", "anna").output()).contains("take it off the list of voters first");
            assertThat(bert.run("", "forget", "dora").output()).contains("no site called 'dora' is paired");
            anna.kill();
            anna.start();
            await(bert, WitnessProcessTest::allWell);
            await(carl, WitnessProcessTest::allWell);
            SiteName leads = await(anna, WitnessProcessTest::allWell).leader().orElseThrow();
            RunningWitness leader = List.of(anna, bert, carl).stream()
                    .filter(witness -> witness.name().equals(leads.value()))
                    .findFirst()
                    .orElseThrow();
            leader.kill();
            RunningWitness other = leader == anna ? carl : anna;
            await(
                    other,
                    voting ->
                            voting.leader().filter(name -> !name.equals(leads)).isPresent()
                                    && voting.reachable().size() == 2
                                    && voting.trouble().isPresent());
            leader.start();
            await(leader, WitnessProcessTest::allWell);
            assertThat(await(other, WitnessProcessTest::allWell).trouble()).isEmpty();
        }
    }

    private static void oneThatCannotWriteItsLogSaysSoAndGoesOnAnswering(RunningWitness broken, RunningWitness other)
            throws IOException, InterruptedException {
        SiteStatus.Voting says = await(
                broken,
                voting -> voting.trouble()
                        .filter(said -> said.contains("this voter has stopped"))
                        .isPresent());
        assertThat(says.trouble().orElseThrow()).contains("cannot be written");
        await(
                other,
                voting -> voting.leader()
                        .filter(name -> !name.value().equals(broken.name()))
                        .isPresent());
    }

    @Test
    void aConfigurationIsNotOverwrittenAndOneThatCannotBeIsRefused() throws Exception {
        try (RunningWitness anna = new RunningWitness(home, "anna", VOTERS)) {
            RunningWitness.Ran again = anna.run("", "init", "--listen", "127.0.0.1:1", "--voters", "witness,b,c");
            assertThat(again.output()).contains("is there already");
            assertThat(again.exitCode()).isEqualTo(2);
            RunningWitness.Ran two = anna.run("", "init", "--listen", "127.0.0.1:1", "--voters", "witness,b");
            assertThat(two.output()).contains("name the two sites and a witness");
            assertThat(two.exitCode()).isEqualTo(2);
            assertThat(anna.run("", "status").output()).contains("no site answers at");
        }
    }
}
