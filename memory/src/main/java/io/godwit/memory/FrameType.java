package io.godwit.memory;

/** The first byte of each frame, and the most bytes its payload may have. */
enum FrameType {
    HELLO(1, 18),
    WELCOME(2, 2),
    REFUSED(3, 1024),
    REFERENCE(4, PackedBytes.MAX_PAYLOAD_BYTES),
    BATCH(5, BatchFormat.MAX_PAYLOAD_BYTES),
    END_OF_ROUND(6, 4),
    ROUND_APPLIED(7, 4),
    PULSE(8, 0),
    DEVICE_STATE(9, PackedBytes.MAX_PAYLOAD_BYTES),
    END(10, 16),
    RECEIVED(11, 0),
    MACHINES(12, 12 + Frame.Machines.MOST * 80),
    MACHINE(13, 2),
    CHECKPOINT(14, 28),
    ASK_HELD(15, 8),
    HELD(16, HeldPages.AT_ONCE * HeldPages.DIGEST_BYTES);

    private static final FrameType[] BY_CODE = new FrameType[17];

    static {
        for (FrameType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    final int code;
    final int maxPayloadBytes;

    FrameType(int code, int maxPayloadBytes) {
        this.code = code;
        this.maxPayloadBytes = maxPayloadBytes;
    }

    static FrameType of(int code) {
        if (code < 1 || code >= BY_CODE.length) {
            throw Corruption.found("a frame of unknown type " + code);
        }
        return BY_CODE[code];
    }
}
