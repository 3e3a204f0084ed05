package io.godwit.volume.nbd;

/** The shape of requests and replies in the transmission phase, as the client asked for it during the handshake. */
enum Framing {
    /** Replies say whether all went well; only a read's has data. */
    SIMPLE(28),
    /** Replies come in chunks that say what they hold. */
    STRUCTURED(28),
    /** Like structured ones, and lengths have 64 bits: NBD's extension "extended headers". */
    EXTENDED(32);

    private final int requestBytes;

    Framing(int requestBytes) {
        this.requestBytes = requestBytes;
    }

    /** Length of a request without its payload. */
    int requestBytes() {
        return requestBytes;
    }

    /** Whether replies come in chunks. */
    boolean chunked() {
        return this != SIMPLE;
    }
}
