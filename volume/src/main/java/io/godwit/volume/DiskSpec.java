package io.godwit.volume;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.nio.file.Path;

/** A disk of a group: its name, its size (a multiple of 4096 bytes) and where its base image is here. */
public record DiskSpec(DiskName name, ByteCount size, BaseLocation base) {
    /** Sizes are multiples of this many bytes. */
    public static final int SIZE_UNIT_BYTES = 4096;

    public DiskSpec {
        if (size.bytes() == 0 || size.bytes() % SIZE_UNIT_BYTES != 0) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "disk %s has %d bytes: a disk's size is a positive multiple of %d bytes"
                            .formatted(name, size.bytes(), SIZE_UNIT_BYTES));
        }
    }

    /** One whose image is a raw file, or a block device. */
    public DiskSpec(DiskName name, ByteCount size, Path base) {
        this(name, size, new BaseLocation.Local(base));
    }
}
