package io.godwit.site.essential;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * A machine's essential state as it was saved.
 *
 * @param number counts up with each that is saved
 * @param time when the machine printed it, by the owner's clock
 * @param content never changed
 */
public record SavedState(long number, Instant time, ByteBuffer content) {
    public SavedState {
        content = content.slice().asReadOnlyBuffer();
    }

    @Override
    public ByteBuffer content() {
        return content.duplicate();
    }
}
