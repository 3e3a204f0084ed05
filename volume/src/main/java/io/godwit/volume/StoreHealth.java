package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a store may still be changed. A failure of its storage is final, and remembered for the next time it is opened. */
final class StoreHealth {
    private static final System.Logger LOG = System.getLogger(StoreHealth.class.getName());

    private final StoreFiles files;
    private volatile @Nullable IOException failure;
    private volatile boolean closed;

    StoreHealth(StoreFiles files) {
        this.files = files;
    }

    /** Throws FAILED after a failure, CONFLICT after the end. */
    void requireWorking() {
        IOException cause = failure;
        if (cause != null) {
            throw new GodwitException(
                    ErrorCode.FAILED, "the store has stopped because its storage failed: " + cause.getMessage(), cause);
        }
        if (closed) {
            throw new GodwitException(ErrorCode.CONFLICT, "the store was closed");
        }
    }

    Optional<String> failure() {
        return Optional.ofNullable(failure).map(IOException::getMessage);
    }

    synchronized void fail(IOException cause) {
        if (failure != null || closed) {
            return;
        }
        failure = cause;
        LOG.log(System.Logger.Level.ERROR, "the store in " + files.directory() + " has stopped", cause);
        if (cause.getCause() instanceof GodwitException broken && broken.code() == ErrorCode.CORRUPT) {
            return; // Whoever opens it again comes upon the damage itself.
        }
        try {
            files.writeFailure(String.valueOf(cause.getMessage()));
        } catch (IOException also) {
            LOG.log(System.Logger.Level.ERROR, "and that could not be written down", also);
        }
    }

    /** Returns whether this was the first call. */
    synchronized boolean close() {
        boolean first = !closed;
        closed = true;
        return first;
    }
}
