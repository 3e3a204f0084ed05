package io.godwit.link;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/**
 * What one site's operator hands to the other's, once: a secret that lets its bearer join, and the fingerprint of the
 * authority that the bearer must find at the other end before showing the secret. The text form carries a checksum, so
 * that a slip in copying is found before anything is sent. Never log it, never put it on a command line.
 */
public final class PairingToken {
    static final int SECRET_BYTES = 32;
    private static final int CHECKSUM_BYTES = 4;
    private static final String PREFIX = "gwt1.";
    private static final int TEXT_LENGTH =
            PREFIX.length() + ((SECRET_BYTES + Fingerprint.BYTES + CHECKSUM_BYTES) * 4 + 2) / 3;

    private final byte[] secret;
    private final Fingerprint fingerprint;

    PairingToken(byte[] secret, Fingerprint fingerprint) {
        if (secret.length != SECRET_BYTES) {
            throw new IllegalArgumentException("a pairing secret has " + SECRET_BYTES + " bytes");
        }
        this.secret = secret.clone();
        this.fingerprint = fingerprint;
    }

    /** Reads what {@link #text} wrote; surrounding white space is ignored. The sentence of a refusal never quotes it. */
    public static PairingToken parse(String text) {
        String bare = text.strip();
        if (!bare.startsWith(PREFIX) || bare.length() != TEXT_LENGTH) {
            throw damaged();
        }
        try {
            byte[] all = Base64.getUrlDecoder().decode(bare.substring(PREFIX.length()));
            byte[] body = Arrays.copyOf(all, SECRET_BYTES + Fingerprint.BYTES);
            if (!Arrays.equals(checksum(body), Arrays.copyOfRange(all, body.length, all.length))) {
                throw damaged();
            }
            byte[] fingerprint = Arrays.copyOfRange(body, SECRET_BYTES, body.length);
            return new PairingToken(Arrays.copyOf(body, SECRET_BYTES), Fingerprint.of(fingerprint));
        } catch (IllegalArgumentException notBase64) {
            throw damaged();
        }
    }

    /** The whole token, secret included. */
    public String text() {
        byte[] body = ByteBuffer.allocate(SECRET_BYTES + Fingerprint.BYTES)
                .put(secret)
                .put(fingerprint.bytes())
                .array();
        ByteBuffer all =
                ByteBuffer.allocate(body.length + CHECKSUM_BYTES).put(body).put(checksum(body));
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(all.array());
    }

    public Fingerprint fingerprint() {
        return fingerprint;
    }

    byte[] secret() {
        return secret.clone();
    }

    /** Names the token without giving it away. */
    @Override
    public String toString() {
        return "pairing token for " + fingerprint;
    }

    private static byte[] checksum(byte[] body) {
        return Arrays.copyOf(Fingerprint.sha256(body), CHECKSUM_BYTES);
    }

    private static GodwitException damaged() {
        return new GodwitException(
                ErrorCode.BAD_INPUT,
                "this is not a whole pairing token: copy all of what the other site printed, from 'gwt1.' on");
    }
}
