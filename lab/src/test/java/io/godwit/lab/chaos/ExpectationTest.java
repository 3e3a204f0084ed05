package io.godwit.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.core.SiteName;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ExpectationTest {
    private static final SiteName EAST = new SiteName("east");
    private static final SiteName WEST = new SiteName("west");
    private static final Duration LIMIT = Duration.ofSeconds(5);

    @Test
    void whatStaysMustNotBeTakenOver() {
        Expectation stays = new Expectation.Stays(LIMIT);
        assertThat(stays.broken(EAST, EAST, LIMIT)).isEmpty();
        assertThat(stays.broken(EAST, WEST, LIMIT)).contains("it was taken over by west");
    }

    @Test
    void whatIsTakenOverMustNotStay() {
        Expectation takenOver = new Expectation.TakenOver(LIMIT);
        assertThat(takenOver.broken(EAST, WEST, LIMIT)).isEmpty();
        assertThat(takenOver.broken(EAST, EAST, LIMIT)).contains("it was not taken over");
    }

    @Test
    void nobodyWaitsForLongerThanIsSaid() {
        assertThat(new Expectation.Stays(LIMIT).broken(EAST, EAST, Duration.ofMillis(5_100)))
                .contains("the client waited 5.1 s");
    }
}
