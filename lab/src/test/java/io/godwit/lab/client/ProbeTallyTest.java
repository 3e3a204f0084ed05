package io.godwit.lab.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProbeTallyTest {
    private final ProbeTally tally = new ProbeTally();

    @Test
    void probesThatComeBackInOrderAreNeitherLostNorAnythingElse() {
        send(3);
        arrive(0, 1, 2);
        assertCounts(0, 0, 0);
    }

    @Test
    void whatDoesNotComeBackIsMissingAndNamed() {
        send(6);
        arrive(0, 2, 5);
        assertCounts(3, 0, 0);
        assertThat(tally.missing(3)).isEqualTo(1);
        assertThat(tally.missingNumbers(9)).containsExactly(1, 3, 4);
        assertThat(tally.missingNumbers(2)).containsExactly(1, 3);
    }

    @Test
    void oneThatComesTwiceIsADuplicateAndOneThatComesAfterALaterOneIsReordered() {
        send(4);
        arrive(0, 2, 1, 1, 3);
        assertCounts(0, 1, 1);
    }

    @Test
    void aNumberThatWasNeverSentIsNoEcho() {
        send(1);
        assertThat(tally.arrive(1)).isFalse();
        assertThat(tally.arrive(-1)).isFalse();
        assertCounts(1, 0, 0);
    }

    private void send(int count) {
        for (int probe = 0; probe < count; probe++) {
            assertThat(tally.send()).isEqualTo(probe);
        }
    }

    private void arrive(int... numbers) {
        for (int number : numbers) {
            assertThat(tally.arrive(number)).isTrue();
        }
    }

    private void assertCounts(int missing, long duplicated, long reordered) {
        assertThat(tally.missing(tally.sent())).isEqualTo(missing);
        assertThat(tally.duplicated()).isEqualTo(duplicated);
        assertThat(tally.reordered()).isEqualTo(reordered);
    }
}
