package io.godwit.site.inside;

import static org.assertj.core.api.Assertions.assertThat;

import io.godwit.site.inside.Requests.Request;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Which checkpoint answers whom, and how often there may be one. */
class RequestsTest {
    private static final long START = 5_000_000_000L;
    private static final long SECOND = Requests.APART.toNanos();

    private final Requests<String> requests = new Requests<>();

    private static Request<String> request(String from, String token) {
        return new Request<>(from, token);
    }

    @Test
    void theFirstIsTakenAtOnceAndNoneIsWithoutARequest() {
        assertThat(requests.rest(START)).isEmpty();
        requests.add(request("db", "a"));
        assertThat(requests.rest(START)).contains(Duration.ZERO);
    }

    @Test
    void thoseThatComeWhileOneIsTakenAreAnsweredTogetherByTheNext() {
        requests.add(request("db", "a"));
        assertThat(requests.begin(START)).containsExactly(request("db", "a"));
        requests.add(request("db", "b"));
        requests.add(request("web", "a"));
        requests.end();
        assertThat(requests.begin(START + SECOND)).containsExactly(request("db", "b"), request("web", "a"));
    }

    @Test
    void thereIsOneASecondAtMost() {
        requests.add(request("db", "a"));
        requests.begin(START);
        requests.end();
        assertThat(requests.rest(START + 1)).isEmpty();
        requests.add(request("db", "b"));
        assertThat(requests.rest(START + SECOND / 4)).contains(Duration.ofNanos(SECOND - SECOND / 4));
        assertThat(requests.rest(START + SECOND)).contains(Duration.ZERO);
        assertThat(requests.rest(START + 9 * SECOND)).contains(Duration.ZERO);
    }

    @Test
    void whoAsksTwiceIsAnsweredOnce() {
        assertThat(requests.add(request("db", "a"))).isTrue();
        assertThat(requests.add(request("db", "a"))).isTrue();
        assertThat(requests.begin(START)).hasSize(1);
        assertThat(requests.add(request("db", "a"))).isTrue();
        requests.end();
        assertThat(requests.rest(START + SECOND)).isEmpty();
    }

    @Test
    void aMachineCanHaveOnlySoManyWaitAndKeepsNoOtherFromAsking() {
        for (int i = 0; i < Requests.MOST_FROM_ONE; i++) {
            assertThat(requests.add(request("db", "t" + i))).isTrue();
        }
        assertThat(requests.add(request("db", "more"))).isFalse();
        assertThat(requests.add(request("web", "a"))).isTrue();
        assertThat(requests.begin(START)).hasSize(Requests.MOST_FROM_ONE + 1);
    }

    @Test
    void whoIsGoneIsAskedForNoMore() {
        requests.add(request("db", "a"));
        requests.add(request("web", "a"));
        requests.forget("db");
        assertThat(requests.begin(START)).containsExactly(request("web", "a"));
        requests.forget("web");
        assertThat(requests.add(request("web", "a"))).isTrue();
        assertThat(requests.rest(START + SECOND)).contains(Duration.ZERO);
    }
}
