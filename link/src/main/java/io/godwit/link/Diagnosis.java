package io.godwit.link;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.security.cert.CertificateException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says for people why two sites could not introduce themselves: TLS itself has only numbered alerts and stack traces. */
final class Diagnosis {
    private Diagnosis() {}

    /** @param other the other side, as a subject: "site 'west' at 192.0.2.7:7443" */
    static GodwitException of(String other, IOException failure) {
        Optional<String> ours = certificateComplaint(failure);
        if (ours.isPresent()) {
            return new GodwitException(ErrorCode.DENIED, "%s is refused: %s".formatted(other, ours.get()), failure);
        }
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof SSLException && message.contains("fatal alert")) {
            return new GodwitException(ErrorCode.DENIED, other + " " + alert(message), failure);
        }
        if (failure instanceof SSLException && message.contains("SSL message")) {
            return new GodwitException(
                    ErrorCode.DENIED, other + " does not speak TLS: is this the port of a Godwit site?", failure);
        }
        if (failure instanceof MalformedMessage) {
            return new GodwitException(
                    ErrorCode.CORRUPT, "%s broke the protocol: %s".formatted(other, message), failure);
        }
        if (failure instanceof EOFException || cutOff(failure)) {
            return new GodwitException(
                    ErrorCode.UNREACHABLE, other + " ended the connection before it was introduced", failure);
        }
        if (failure instanceof SSLException) {
            return new GodwitException(
                    ErrorCode.UNREACHABLE, "%s could not be introduced (%s)".formatted(other, message), failure);
        }
        return new GodwitException(
                ErrorCode.UNREACHABLE,
                "%s cannot be reached (%s): is its daemon running, and the address right?".formatted(other, message),
                failure);
    }

    /** Whoever hangs up may do so faster than the alert that says why can be read. */
    private static boolean cutOff(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        return failure instanceof SocketException
                && (message.contains("Broken pipe") || message.contains("Connection reset"));
    }

    private static String alert(String message) {
        if (message.contains("unrecognized_name")) {
            return "does not know this site: it has another name, or is not paired with this one (any more)";
        }
        if (message.contains("certificate") || message.contains("unknown_ca") || message.contains("access_denied")) {
            return "refused this site's certificate: pair the two sites again";
        }
        return "ended the TLS handshake (%s)".formatted(message);
    }

    private static Optional<String> certificateComplaint(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return Optional.of(String.valueOf(cause.getMessage()));
            }
        }
        return Optional.empty();
    }
}
