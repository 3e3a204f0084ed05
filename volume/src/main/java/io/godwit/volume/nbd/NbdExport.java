package io.godwit.volume.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.godwit.volume.Disk;
import io.godwit.volume.DurabilityRule;

/** A disk offered to clients under a name, and the rule that says what a client's flush waits for. */
public record NbdExport(String name, Disk disk, DurabilityRule rule) {
    public NbdExport {
        if (name.isEmpty() || name.getBytes(UTF_8).length > NbdProtocol.MAX_NAME_BYTES) {
            throw new IllegalArgumentException("an export's name has 1 to 4096 bytes");
        }
    }
}
