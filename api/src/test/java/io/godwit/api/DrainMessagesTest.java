package io.godwit.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.SiteName;
import io.godwit.core.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is asked and answered about a drain, as lines of JSON. */
class DrainMessagesTest {
    private static final SiteName EAST = new SiteName("east");
    private static final GroupName SHOP = new GroupName("shop");

    private static final List<ApiRequest> REQUESTS = List.of(
            new ApiRequest.Drain(EAST, Optional.of(600), Optional.of(120), true),
            new ApiRequest.Drain(EAST, Optional.empty(), Optional.empty(), false),
            new ApiRequest.StopDrain(EAST));

    private static final List<ApiReply> REPLIES = List.of(
            new ApiReply.Draining(new DrainProgress(1_200, Optional.of(SHOP), "it leaves for west", Optional.empty())),
            new ApiReply.Draining(new DrainProgress(
                    1_400,
                    Optional.of(SHOP),
                    "",
                    Optional.of(new MoveProgress(SHOP, "precopy", 200, 3, 4_096, 1, 0, OptionalLong.of(7), "")))),
            new ApiReply.Drained(new DrainReport(
                    EAST,
                    DrainReport.Outcome.ENDED,
                    Optional.of(-3L),
                    Optional.of("it was stopped"),
                    List.of(new DrainReport.Group(
                            SHOP,
                            Optional.of(new SiteName("west")),
                            9,
                            DrainReport.Fate.SYNCHRONOUS,
                            Optional.of(5L),
                            Optional.of(new DrainReport.Estimate(4_000, "assumed", "nothing was measured")),
                            Optional.of(7L),
                            Optional.of(12L),
                            Optional.of("no time is left"),
                            List.of("its mode was async"))))));

    @Test
    void areReadAsTheyWereWritten() {
        for (ApiRequest request : REQUESTS) {
            assertThat(Json.read(Json.line(request), ApiRequest.class, "the request"))
                    .isEqualTo(request);
        }
        for (ApiReply reply : REPLIES) {
            assertThat(Json.read(Json.line(reply), ApiReply.class, "the reply")).isEqualTo(reply);
        }
    }

    @Test
    void whatIsLeftOutIsNotGiven() {
        assertThat(Json.read("{\"request\":\"drain\",\"site\":\"east\"}", ApiRequest.class, "the request"))
                .isEqualTo(new ApiRequest.Drain(EAST, Optional.empty(), Optional.empty(), false));
    }

    @Test
    void timesAreBounded() {
        for (int wrong : new int[] {0, -1, 604_801, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> new ApiRequest.Drain(EAST, Optional.of(wrong), Optional.empty(), true))
                    .isInstanceOf(GodwitException.class)
                    .hasMessageContaining("a drain has 1 s to 604800 s (a week), not " + wrong);
            assertThatThrownBy(() -> new ApiRequest.Drain(EAST, Optional.empty(), Optional.of(wrong), true))
                    .isInstanceOf(GodwitException.class)
                    .hasMessageContaining("a move of a drain may take");
        }
    }

    @Test
    void bytesThatWereChangedAreReadOrRefusedAndNothingElse() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            boolean request = random.nextBoolean();
            byte[] line = Json.bytes(
                    request
                            ? REQUESTS.get(random.nextInt(REQUESTS.size()))
                            : REPLIES.get(random.nextInt(REPLIES.size())));
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                line[random.nextInt(line.length)] =
                        (byte) (random.nextInt(4) == 0 ? random.nextInt() : '0' + random.nextInt(75));
            }
            try {
                Object read = request
                        ? Json.read(line, ApiRequest.class, "the line")
                        : Json.read(line, ApiReply.class, "the line");
                assertThat(read).isNotNull();
            } catch (GodwitException refused) {
                assertThat(refused.code()).as("seed %d", seed).isEqualTo(ErrorCode.BAD_INPUT);
            }
        }
    }
}
