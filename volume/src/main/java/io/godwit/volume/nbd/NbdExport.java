package io.godwit.volume.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.godwit.volume.BlockDevice;
import io.godwit.volume.DurabilityRule;

/**
 * A device offered to clients under a name.
 *
 * @param rule what a client's flush waits for
 * @param readOnly whether clients are told that they can't write, and aren't let
 */
public record NbdExport(String name, BlockDevice disk, DurabilityRule rule, boolean readOnly) {
    public NbdExport {
        if (name.isEmpty() || name.getBytes(UTF_8).length > NbdProtocol.MAX_NAME_BYTES) {
            throw new IllegalArgumentException("an export's name has 1 to 4096 bytes");
        }
    }

    /** One that may be written, whenever this site may write. */
    public NbdExport(String name, BlockDevice disk, DurabilityRule rule) {
        this(name, disk, rule, false);
    }

    int transmissionFlags(Framing framing, boolean blockStatus) {
        int offered = readOnly ? NbdProtocol.READ_ONLY_FLAGS : NbdProtocol.WRITABLE_FLAGS;
        return switch (framing) {
            case SIMPLE -> offered;
            case STRUCTURED -> offered | NbdProtocol.SEND_DF;
            case EXTENDED -> offered | NbdProtocol.SEND_DF | (blockStatus ? NbdProtocol.BLOCK_STATUS_PAYLOAD : 0);
        };
    }
}
