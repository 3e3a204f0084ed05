package io.godwit.memory;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;

/** The refusal of received bytes that no sender of this version writes. */
final class Corruption {
    private Corruption() {}

    static GodwitException found(String what) {
        return new GodwitException(
                ErrorCode.CORRUPT, "the memory stream holds " + what + "; the transfer has to begin again");
    }
}
