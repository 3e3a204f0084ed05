package io.godwit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a peer counts as gone. */
@Timeout(60)
class LifelineTest {
    private static final Duration SILENCE = Duration.ofMillis(300);
    private static final MemoryLimits HASTY = new MemoryLimits(1, 1, Duration.ofMillis(50), SILENCE);

    @Test
    void whatIsHeardLateBecauseNobodyListenedWasNoSilence() throws Exception {
        try (SocketPair channels = SocketPair.open();
                Lifeline busy = new Lifeline(channels.left(), HASTY)) {
            try (Lifeline peer = new Lifeline(channels.right(), HASTY)) {
                peer.writer().write(new Frame.EndOfRound(1));
                awaitRound(busy, 1);
                Thread.sleep(SILENCE.multipliedBy(3));
                peer.writer().write(new Frame.EndOfRound(2));
                awaitRound(busy, 2);
            }
            assertThatThrownBy(() -> readOn(busy)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aPeerThatSaysNothingIsGivenUpWhileOneListens() throws Exception {
        try (SocketPair channels = SocketPair.open();
                Lifeline listener = new Lifeline(channels.left(), HASTY)) {
            assertThatThrownBy(() -> readOn(listener))
                    .isInstanceOf(IOException.class)
                    .satisfies(broken ->
                            assertThat(listener.explain((IOException) broken)).hasMessageContaining("silent"));
        }
    }

    private static void awaitRound(Lifeline lifeline, int round) throws IOException {
        Frame heard = lifeline.reader().next();
        while (!heard.equals(new Frame.EndOfRound(round))) {
            heard = lifeline.reader().next();
        }
    }

    private static void readOn(Lifeline lifeline) throws IOException {
        while (true) {
            lifeline.reader().next();
        }
    }
}
