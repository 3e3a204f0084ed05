package io.godwit.voter;

import static io.godwit.voter.Voters.EAST;
import static io.godwit.voter.Voters.WEST;
import static io.godwit.voter.Voters.WITNESS;
import static io.godwit.voter.Voters.await;
import static io.godwit.voter.Voters.register;
import static io.godwit.voter.Voters.registration;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.GodwitException;
import io.godwit.core.SiteName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MembershipTest {
    @TempDir
    Path home = Path.of("");

    @Test
    void aVoterThatHasLostItsVotesDoesNotVoteAgainAndTheOthersGoOn() throws Exception {
        try (Voters voters = Voters.running(home)) {
            register(voters.at(EAST), "shop");
            VotingSite witness = voters.at(WITNESS);
            witness.stop();
            Path kept = Files.move(witness.directory(), home.resolve("kept"));
            voters.start(witness);
            assertThat(witness.voter().trouble())
                    .hasValueSatisfying(said -> assertThat(said)
                            .contains("this site has voted before")
                            .contains("does not hold its votes"));
            assertThat(witness.voter().leader()).isEmpty();
            register(voters.at(EAST), "by-two");

            witness.stop();
            Files.delete(witness.directory());
            Files.move(kept, witness.directory());
            voters.start(witness);
            await("its votes, found again", () -> Voters.knows(witness, "by-two"));
        }
    }

    @Test
    void aSiteWhoseOwnVoterIsBrokenStillAsksTheOthers() throws Exception {
        try (Voters voters = Voters.running(home)) {
            register(voters.at(WEST), "shop");
            VotingSite west = voters.at(WEST);
            west.stop();
            Files.move(west.directory(), home.resolve("kept"));
            voters.start(west);
            assertThat(west.voter().trouble()).isPresent();
            register(west, "asked-elsewhere");
        }
    }

    @Test
    void aListIsNotChangedAtOneVoterAlone() throws Exception {
        try (VotingSite east = new VotingSite(home, EAST)) {
            east.open(Voters.LIST, 50).close();
            VoterList other = new VoterList(List.of(EAST, WEST, new SiteName("north")));
            Voter changed = east.open(other, 50);
            assertThat(changed.trouble())
                    .hasValueSatisfying(said -> assertThat(said)
                            .contains("east, west, witness")
                            .contains("east, north, west")
                            .contains("at all voters together"));
            assertThat(changed.ask(registration(EAST, "shop"), Duration.ofMillis(200)))
                    .isEmpty();
        }
    }

    @Test
    void aSiteThatIsNotPairedYetSaysSoAndBeginsOnceItIs() throws Exception {
        try (VotingSite east = new VotingSite(home, EAST);
                VotingSite west = new VotingSite(home, WEST);
                VotingSite witness = new VotingSite(home, WITNESS)) {
            east.open(Voters.LIST, 50);
            await(
                    "a sentence",
                    () -> east.voter()
                            .trouble()
                            .filter(said -> said.contains("2 are needed"))
                            .isPresent());
            await(
                    "the reason",
                    () -> east.voter().silences().stream()
                            .anyMatch(said -> said.contains("no site called 'west' is paired")));
            west.pairWith(east);
            witness.pairWith(east);
            west.pairWith(witness);
            west.open(Voters.LIST, 50);
            register(east, "shop");
        }
    }

    @Test
    void twoVotersAreTooFewAndASiteMustBeAmongItsOwn() throws Exception {
        assertThatThrownBy(() -> new VoterList(List.of(EAST, WEST)))
                .isInstanceOf(GodwitException.class)
                .hasMessageContaining("name the two sites and a witness");
        assertThatThrownBy(() -> new VoterList(List.of(EAST, WEST, EAST))).hasMessageContaining("named twice");
        try (VotingSite north = new VotingSite(home, new SiteName("north"))) {
            assertThatThrownBy(() -> north.open(Voters.LIST, 50))
                    .hasMessageContaining("north is not among its own voters");
        }
    }

    @Test
    void aDirectoryThatCannotBeUsedIsSaid() throws Exception {
        Path file = Files.writeString(home.resolve("east-voter"), "no directory");
        try (VotingSite east = new VotingSite(home, EAST)) {
            assertThat(east.directory()).isEqualTo(file);
            assertThat(east.open(Voters.LIST, 50).trouble())
                    .hasValueSatisfying(said -> assertThat(said).contains("cannot be used"));
        }
    }
}
