package io.godwit.link;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class ListenerTest {
    /** What peers dial in two minutes. */
    private static final int DIALS = 360;

    private static final int PATIENCE_MILLIS = 5_000;

    @Test
    void aHostWhoseDaemonAcceptsNothingForMinutesIsStillFoundThere() throws Exception {
        try (Listener listener = Listener.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            for (int dial = 0; dial < DIALS; dial++) {
                try (Socket socket = new Socket()) {
                    assertThatCode(() -> socket.connect(listener.getLocalSocketAddress(), PATIENCE_MILLIS))
                            .as("dial %d", dial)
                            .doesNotThrowAnyException();
                }
            }
        }
    }
}
