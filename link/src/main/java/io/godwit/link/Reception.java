package io.godwit.link;

import io.godwit.core.Deadline;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSocket;

/** The first moments of an incoming connection: TLS, then a hello or a pairing, all within one deadline. */
final class Reception {
    private final SiteIdentity identity;
    private final ChannelHandler handler;
    private final LinkLimits limits;
    private final BooleanSupplier full;

    /** @param full whether there are as many channels as the limits allow */
    Reception(SiteIdentity identity, ChannelHandler handler, LinkLimits limits, BooleanSupplier full) {
        this.identity = identity;
        this.handler = handler;
        this.limits = limits;
        this.full = full;
    }

    /**
     * The channel that the caller opened; empty if it came to pair, or was refused. Then the connection is closed.
     *
     * @param introduced run once, as soon as the caller is no stranger any more or has been sent away
     */
    Optional<PeerChannel> receive(CountedSocket raw, Runnable introduced) {
        try {
            return receive(raw);
        } finally {
            introduced.run();
        }
    }

    private Optional<PeerChannel> receive(CountedSocket raw) {
        IncomingCall call = new IncomingCall(identity);
        try (Deadline deadline = Deadline.on(raw, limits.handshake())) {
            Optional<PeerChannel> channel = Optional.empty();
            try {
                channel = introduce(raw, call);
            } catch (IOException failure) {
                handler.refused(raw.getRemoteSocketAddress(), sentence(call, deadline, failure));
            } catch (GodwitException refusal) {
                handler.refused(raw.getRemoteSocketAddress(), refusal.sentence());
            }
            if (channel.isEmpty()) {
                raw.closeAfterLastWords();
            }
            return channel;
        }
    }

    private Optional<PeerChannel> introduce(CountedSocket raw, IncomingCall call) throws IOException {
        raw.tune();
        SSLSocket socket = Tls.server(raw, call);
        socket.startHandshake();
        if (call.peer().isEmpty()) {
            new PairingAnswer(identity).answer(socket);
            return Optional.empty();
        }
        Peer peer = call.peer().get();
        return Optional.of(new PeerChannel(peer, greet(peer, socket), raw, socket));
    }

    private Hello greet(Peer peer, SSLSocket socket) throws IOException {
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        try {
            Hello hello = Hello.read(new DataInputStream(socket.getInputStream()));
            if (full.getAsBoolean()) {
                throw new GodwitException(
                        ErrorCode.CONFLICT,
                        "site '%s' has %d channels open, the most it can have"
                                .formatted(identity.name(), limits.channels()));
            }
            handler.admit(peer.name(), hello.kind(), hello.group());
            Verdict.accepted().write(out);
            return hello;
        } catch (GodwitException refusal) {
            Verdict.refused(refusal).write(out);
            throw new GodwitException(
                    refusal.code(), "site '%s' was refused: %s".formatted(peer.name(), refusal.sentence()), refusal);
        }
    }

    private String sentence(IncomingCall call, Deadline deadline, IOException failure) {
        if (deadline.passed()) {
            return new GodwitException(
                            ErrorCode.UNREACHABLE,
                            "the caller did not introduce itself within %d ms"
                                    .formatted(limits.handshake().toMillis()))
                    .sentence();
        }
        String caller =
                call.peer().map(peer -> "site '%s'".formatted(peer.name())).orElse("the caller");
        return call.refusal().orElseGet(() -> Diagnosis.of(caller, failure).sentence());
    }
}
