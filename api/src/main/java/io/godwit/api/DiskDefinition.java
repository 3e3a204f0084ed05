package io.godwit.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.util.Optional;

/**
 * A disk of a protected virtual machine.
 *
 * @param image absolute path of a raw file or block device, or URI of an NBD server's export, at the site that protects
 *     it first; Godwit takes it over. A scratch disk has none
 * @param size may be left out where there is an image; always a multiple of 4096 bytes
 * @param diskClass sync unless something else is said: see {@link #effectiveClass}
 */
public record DiskDefinition(
        DiskName name,
        Optional<String> image,
        Optional<ByteCount> size,
        @JsonProperty("class") Optional<DiskClass> diskClass) {
    private static final long BLOCK_BYTES = 4096;

    public DiskDefinition {
        if (name == null) {
            throw new GodwitException(ErrorCode.BAD_INPUT, "a disk needs a \"name\"");
        }
        if (size.isPresent() && (size.get().bytes() == 0 || size.get().bytes() % BLOCK_BYTES != 0)) {
            throw refusal(
                    name,
                    "has %d bytes: a disk's size must be a multiple of 4096 bytes and not zero"
                            .formatted(size.get().bytes()));
        }
        switch (diskClass.orElse(DiskClass.SYNC)) {
            case SYNC, ASYNC -> require(image.isPresent(), name, "needs an image");
            case SCRATCH -> {
                require(image.isEmpty(), name, "is scratch: it is made empty, so it has no image");
                require(size.isPresent(), name, "is scratch: its size must be given");
            }
        }
    }

    /** A disk whose class isn't given. */
    public DiskDefinition(DiskName name, String image, Optional<ByteCount> size) {
        this(name, Optional.of(image), size, Optional.empty());
    }

    public DiskDefinition withSize(ByteCount known) {
        return new DiskDefinition(name, image, Optional.of(known), diskClass);
    }

    public DiskClass effectiveClass() {
        return diskClass.orElse(DiskClass.SYNC);
    }

    public boolean scratch() {
        return effectiveClass() == DiskClass.SCRATCH;
    }

    private static void require(boolean holds, DiskName name, String complaint) {
        if (!holds) {
            throw refusal(name, complaint);
        }
    }

    private static GodwitException refusal(DiskName name, String complaint) {
        return new GodwitException(ErrorCode.BAD_INPUT, "disk %s %s".formatted(name, complaint));
    }
}
