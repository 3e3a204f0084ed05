package io.godwit.api;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.util.Optional;

/**
 * A disk of a protected virtual machine.
 *
 * @param image absolute path of a raw file or block device, or URI of an NBD server's export, at the site that protects
 *     it first; Godwit takes it over
 * @param size may be left out where the image is; always a multiple of 4096 bytes
 */
public record DiskDefinition(DiskName name, String image, Optional<ByteCount> size) {
    private static final long BLOCK_BYTES = 4096;

    public DiskDefinition {
        if (size.isPresent() && (size.get().bytes() == 0 || size.get().bytes() % BLOCK_BYTES != 0)) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "disk %s has %d bytes: a disk's size must be a multiple of 4096 bytes and not zero"
                            .formatted(name, size.get().bytes()));
        }
    }

    public DiskDefinition withSize(ByteCount known) {
        return new DiskDefinition(name, image, Optional.of(known));
    }
}
