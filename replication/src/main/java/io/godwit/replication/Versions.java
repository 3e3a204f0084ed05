package io.godwit.replication;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;

/** The rule that both sides of a session speak the same version. */
final class Versions {
    private Versions() {}

    static void require(int version) {
        if (version != Wire.VERSION) {
            throw new GodwitException(
                    ErrorCode.UNSUPPORTED,
                    "the other site speaks version %d of the replication protocol, this one version %d: install the same Godwit on both"
                            .formatted(version, Wire.VERSION));
        }
    }
}
