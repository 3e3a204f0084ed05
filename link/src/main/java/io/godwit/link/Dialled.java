package io.godwit.link;

import io.godwit.core.Deadline;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import javax.net.ssl.SSLSocket;

/** An outgoing connection: TCP, TLS and the first exchange, all within their limits, all failures as sentences. */
final class Dialled {
    /** Puts TLS over the connection. */
    interface Security {
        SSLSocket over(CountedSocket raw) throws IOException;
    }

    /** The first exchange over a connection whose other end is proved. */
    interface Exchange<T> {
        T with(SSLSocket socket) throws IOException;
    }

    private final String other;
    private final PeerAddress address;
    private final LinkLimits limits;

    Dialled(String other, PeerAddress address, LinkLimits limits) {
        this.other = other;
        this.address = address;
        this.limits = limits;
    }

    /** Does the exchange and closes the connection. */
    <T> T talk(Security security, Exchange<T> exchange) {
        CountedSocket raw = connect();
        try {
            return introduce(raw, security, exchange);
        } finally {
            raw.closeQuietly();
        }
    }

    /** Does the exchange and keeps the connection, unless the exchange fails. */
    <T> T open(CountedSocket raw, Security security, Exchange<T> exchange) {
        try {
            return introduce(raw, security, exchange);
        } catch (RuntimeException failure) {
            raw.closeQuietly();
            throw failure;
        }
    }

    CountedSocket connect() {
        CountedSocket raw = new CountedSocket();
        try {
            raw.connect(address.resolve(), Math.toIntExact(limits.connect().toMillis()));
            raw.tune();
            return raw;
        } catch (IOException failure) {
            raw.closeQuietly();
            throw Diagnosis.of(other, failure);
        }
    }

    private <T> T introduce(CountedSocket raw, Security security, Exchange<T> exchange) {
        try (Deadline deadline = Deadline.on(raw, limits.handshake())) {
            try {
                SSLSocket socket = security.over(raw);
                socket.startHandshake();
                return exchange.with(socket);
            } catch (IOException failure) {
                if (deadline.passed()) {
                    throw new GodwitException(
                            ErrorCode.UNREACHABLE,
                            "%s did not introduce itself within %d ms"
                                    .formatted(other, limits.handshake().toMillis()),
                            failure);
                }
                throw Diagnosis.of(other, failure);
            }
        }
    }
}
