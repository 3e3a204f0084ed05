package io.godwit.voter;

import io.godwit.core.SiteName;
import io.godwit.voter.QuorumFrame.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Asks each of the other voters once a second whether it is there. It also keeps a channel warm, so that an election needs no handshake. */
final class Pulse implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final VoterList voters;
    private final Map<SiteName, Optional<String>> silence = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Pulse(VoterList voters, Map<SiteName, PeerCalls> peers) {
        this.voters = voters;
        peers.forEach((name, calls) -> {
            silence.put(name, Optional.of("voter %s has not been asked yet".formatted(name)));
            Thread.ofVirtual().name("pulse-" + name).start(() -> beat(name, calls));
        });
    }

    /** Why that voter isn't heard, or isn't heard as a voter; empty if all is well. */
    Optional<String> silence(SiteName peer) {
        return silence.getOrDefault(peer, Optional.empty());
    }

    private void beat(SiteName peer, PeerCalls calls) {
        try {
            while (!closed) {
                silence.put(peer, greet(peer, calls));
                Thread.sleep(EVERY);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<String> greet(SiteName peer, PeerCalls calls) {
        byte[] own = voters.toString().getBytes(StandardCharsets.UTF_8);
        try {
            QuorumFrame answer = QuorumFrame.answer(calls.ask(new QuorumFrame(Kind.HELLO, own), PATIENCE));
            return answer.text().equals(voters.toString())
                    ? Optional.empty()
                    : Optional.of("voter %s decides with %s, not with %s: give all the same \"voters\""
                            .formatted(peer, answer.text(), voters));
        } catch (IOException silent) {
            return Optional.of(String.valueOf(silent.getMessage()));
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
