package io.godwit.lab.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.BitRate;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import io.godwit.lab.DaemonSpec;
import io.godwit.lab.Place;
import io.godwit.lab.wire.LinkShape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ControlProtocolTest {
    static Stream<ControlRequest> requests() {
        LinkShape shape = LinkShape.of(Duration.ofMillis(40), BitRate.parse("100mbit"), 0.1);
        return Stream.of(
                new ControlRequest.Status(),
                new ControlRequest.Events(7),
                new ControlRequest.ReshapeLink("wan", null, shape),
                new ControlRequest.ReshapeLink("wan", Place.EAST, shape),
                new ControlRequest.SwitchLink("wan", false),
                new ControlRequest.Supervise(new DaemonSpec("site-east", Place.EAST, List.of("godwit", "site"))),
                new ControlRequest.SteerProcess("bird", ControlRequest.ProcessAction.KILL));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestIsReadAsItWasWritten(ControlRequest request) {
        byte[] line = Json.bytes(request);
        assertThat(line).doesNotContain('\n');
        assertThat(Json.read(line, ControlRequest.class, "the request")).isEqualTo(request);
    }

    @Test
    void anythingElseIsRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[][] valid = requests().map(Json::bytes).toArray(byte[][]::new);
        for (int round = 0; round < 5_000; round++) {
            byte[] damaged = valid[random.nextInt(valid.length)].clone();
            for (int change = 0; change <= random.nextInt(4); change++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            byte[] cut = Arrays.copyOf(damaged, random.nextInt(damaged.length + 1));
            try {
                Json.read(cut, ControlRequest.class, "the request");
            } catch (GodwitException refused) {
                assertThat(refused.sentence()).as("seed %d", seed).isNotBlank();
            }
        }
    }

    @Test
    void linesAreCutOutOfWhateverPiecesTheyComeIn() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        StringBuilder sent = new StringBuilder();
        for (int line = 0; line < 200; line++) {
            sent.append("x".repeat(random.nextInt(20_000))).append('\n');
        }
        byte[] bytes = sent.toString().getBytes(StandardCharsets.UTF_8);
        Lines lines = new Lines(Channels.newChannel(new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, 1 + random.nextInt(5_000)));
            }
        }));
        StringBuilder received = new StringBuilder();
        for (var line = lines.next(); line.isPresent(); line = lines.next()) {
            received.append(new String(line.get(), StandardCharsets.UTF_8)).append('\n');
        }
        assertThat(received.toString()).as("seed %d", seed).isEqualTo(sent.toString());
    }

    @Test
    void aLineThatDoesNotEndIsRefused() {
        Lines lines = new Lines(Channels.newChannel(new ByteArrayInputStream(new byte[Lines.MAX_LINE_BYTES + 1])));
        assertThatThrownBy(lines::next).isInstanceOf(IOException.class);
    }
}
