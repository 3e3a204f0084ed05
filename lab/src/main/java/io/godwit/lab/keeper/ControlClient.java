package io.godwit.lab.keeper;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.json.Json;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/** Asks a lab's keeper, over its control socket; one connection for each request. */
public record ControlClient(Path socket) {
    private static final Duration MAX_WAIT = Duration.ofSeconds(15);

    /** Returns what the keeper answered; its refusals become exceptions here. */
    public ControlAnswer.Done ask(ControlRequest request) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            Thread impatience = Thread.ofVirtual().start(() -> closeAfter(channel, MAX_WAIT));
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                Lines.write(channel, Json.bytes(request));
                byte[] answer = new Lines(channel)
                        .next()
                        .orElseThrow(() -> new IOException("the keeper closed the connection without an answer"));
                return Json.read(answer, ControlAnswer.class, "the keeper's answer")
                        .orThrow();
            } finally {
                impatience.interrupt();
            }
        } catch (IOException silent) {
            throw new GodwitException(
                    ErrorCode.UNREACHABLE,
                    "the lab's keeper does not answer at %s (%s); if it has died, `godwit lab down` with its name cleans up"
                            .formatted(socket, silent.getMessage()),
                    silent);
        }
    }

    private static void closeAfter(SocketChannel channel, Duration time) {
        try {
            Thread.sleep(time);
            channel.close();
        } catch (InterruptedException answered) {
            Thread.currentThread().interrupt();
        } catch (IOException alreadyClosed) {
            // Nothing waits for it any more.
        }
    }
}
