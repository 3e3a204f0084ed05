package io.godwit.memory;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;

/** The check whether a sender and this receiver's RAM fit together. */
final class Greeting {
    private Greeting() {}

    static void check(Frame.Hello hello, RamFile ram) {
        requireVersion(hello.version(), Frame.VERSION);
        if (hello.pageBytes() != RamFile.PAGE_BYTES || !hello.ram().equals(ram.size())) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "the sender's RAM is %s in pages of %d bytes, here it is %s in pages of %d bytes"
                            .formatted(hello.ram(), hello.pageBytes(), ram.size(), RamFile.PAGE_BYTES));
        }
    }

    /** Whether a sender of checkpoints speaks as this receiver does; whether its machines fit is for whoever keeps them to say. */
    static void check(Frame.Machines hello) {
        requireVersion(hello.version(), Frame.Machines.VERSION);
        if (hello.pageBytes() != RamFile.PAGE_BYTES) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "the sender's pages have %d bytes, here they have %d"
                            .formatted(hello.pageBytes(), RamFile.PAGE_BYTES));
        }
    }

    private static void requireVersion(int version, int ours) {
        if (version != ours) {
            throw new GodwitException(
                    ErrorCode.UNSUPPORTED,
                    "the sender speaks memory protocol %d, this site %d: run the same release of Godwit at both sites"
                            .formatted(version, ours));
        }
    }
}
