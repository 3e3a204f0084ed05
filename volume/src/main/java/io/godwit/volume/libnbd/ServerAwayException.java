package io.godwit.volume.libnbd;

import java.io.IOException;

/**
 * An NBD server that can't be reached, doesn't offer what is needed, or was lost while something was asked of it. Changes
 * that it had answered and was not asked to flush since may be gone with it.
 */
public final class ServerAwayException extends IOException {
    public ServerAwayException(String sentence) {
        super(sentence);
    }
}
