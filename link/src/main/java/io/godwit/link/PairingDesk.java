package io.godwit.link;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/** Where a site keeps its one open pairing: in memory only, so that it ends with the process. Thread-safe. */
final class PairingDesk {
    /** Longer than anyone needs to carry a token from one operator to another. */
    private static final Duration MAX_VALIDITY = Duration.ofDays(1);

    private static final SecureRandom RANDOM = new SecureRandom();

    /** The digest of the secret, never the secret, and when it expires on the monotonic clock. */
    private record Offer(Fingerprint secretDigest, long expiresNanos) {}

    private final Fingerprint fingerprint;
    private Optional<Offer> offer = Optional.empty();

    PairingDesk(Fingerprint fingerprint) {
        this.fingerprint = fingerprint;
    }

    synchronized PairingToken open(Duration validity) {
        if (!validity.isPositive() || validity.compareTo(MAX_VALIDITY) > 0) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "a pairing can stay open for up to one day");
        }
        byte[] secret = new byte[PairingToken.SECRET_BYTES];
        RANDOM.nextBytes(secret);
        offer = Optional.of(new Offer(digest(secret), System.nanoTime() + validity.toNanos()));
        return new PairingToken(secret, fingerprint);
    }

    synchronized void close() {
        offer = Optional.empty();
    }

    /** Takes the secret if it is the right one and still valid; from then on it is not. Digests are compared in constant time. */
    synchronized boolean redeem(byte[] secret) {
        if (offer.isEmpty()) {
            return false;
        }
        if (offer.get().expiresNanos - System.nanoTime() <= 0) {
            offer = Optional.empty();
            return false;
        }
        if (!MessageDigest.isEqual(offer.get().secretDigest.bytes(), Fingerprint.sha256(secret))) {
            return false;
        }
        offer = Optional.empty();
        return true;
    }

    private static Fingerprint digest(byte[] secret) {
        return Fingerprint.of(Fingerprint.sha256(secret));
    }
}
