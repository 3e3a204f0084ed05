package io.godwit.memory;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;

/** The check whether a sender and this receiver's RAM fit together. */
final class Greeting {
    private Greeting() {}

    static void check(Frame.Hello hello, RamFile ram) {
        if (hello.version() != Frame.VERSION) {
            throw new GodwitException(
                    ErrorCode.UNSUPPORTED,
                    "the sender speaks memory protocol %d, this site %d: run the same release of Godwit at both sites"
                            .formatted(hello.version(), Frame.VERSION));
        }
        if (hello.pageBytes() != RamFile.PAGE_BYTES || !hello.ram().equals(ram.size())) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "the sender's RAM is %s in pages of %d bytes, here it is %s in pages of %d bytes"
                            .formatted(hello.ram(), hello.pageBytes(), ram.size(), RamFile.PAGE_BYTES));
        }
    }
}
