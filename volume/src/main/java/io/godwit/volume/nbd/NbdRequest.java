package io.godwit.volume.nbd;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A client's request as it came, not checked yet.
 *
 * @param cookie the client's name for it, repeated in the reply
 * @param offset first byte on the disk
 * @param length bytes of the disk that it is about; negative if they are more than fit
 * @param payload bytes that follow the request; negative if they are more than fit
 */
record NbdRequest(int flags, int type, long cookie, long offset, long length, long payload) {
    /** What may follow a question for block status: the length of its range, and the one context there is. */
    private static final int QUESTION_BYTES = Long.BYTES + Integer.BYTES;

    /** What a client may ask for. */
    enum Command {
        READ(0, NbdProtocol.CMD_FLAG_FUA | NbdProtocol.CMD_FLAG_DF),
        WRITE(1, NbdProtocol.CMD_FLAG_FUA),
        DISCONNECT(2, NbdProtocol.CMD_FLAG_FUA),
        FLUSH(3, NbdProtocol.CMD_FLAG_FUA),
        TRIM(4, NbdProtocol.CMD_FLAG_FUA),
        CACHE(5, NbdProtocol.CMD_FLAG_FUA),
        WRITE_ZEROES(6, NbdProtocol.CMD_FLAG_FUA | NbdProtocol.CMD_FLAG_NO_HOLE | NbdProtocol.CMD_FLAG_FAST_ZERO),
        BLOCK_STATUS(7, NbdProtocol.CMD_FLAG_FUA | NbdProtocol.CMD_FLAG_REQ_ONE);

        private static final List<Command> BY_CODE = List.of(values());
        private final int code;
        private final int flags;

        Command(int code, int flags) {
            this.code = code;
            this.flags = flags;
        }

        /** The flags that it may have. */
        private int allowed(Framing framing) {
            return switch (framing) {
                case SIMPLE -> flags & ~NbdProtocol.CMD_FLAG_DF;
                case STRUCTURED -> flags;
                case EXTENDED -> takesPayload() ? flags | NbdProtocol.CMD_FLAG_PAYLOAD_LEN : flags;
            };
        }

        private boolean takesPayload() {
            return this == WRITE || this == BLOCK_STATUS;
        }

        boolean changesDisk() {
            return switch (this) {
                case WRITE, TRIM, WRITE_ZEROES -> true;
                case READ, DISCONNECT, FLUSH, CACHE, BLOCK_STATUS -> false;
            };
        }
    }

    /** @throws IOException if these bytes don't begin a request: then nothing that follows can be understood */
    static NbdRequest decode(ByteBuffer header, Framing framing) throws IOException {
        boolean extended = framing == Framing.EXTENDED;
        if (header.getInt() != (extended ? NbdProtocol.EXTENDED_REQUEST_MAGIC : NbdProtocol.REQUEST_MAGIC)) {
            throw new IOException("the client sent something that is no NBD request");
        }
        int flags = Short.toUnsignedInt(header.getShort());
        int type = Short.toUnsignedInt(header.getShort());
        long cookie = header.getLong();
        long offset = header.getLong();
        long length = extended ? header.getLong() : Integer.toUnsignedLong(header.getInt());
        boolean paid = extended ? (flags & NbdProtocol.CMD_FLAG_PAYLOAD_LEN) != 0 : type == Command.WRITE.code;
        return new NbdRequest(flags, type, cookie, offset, length, paid ? length : 0);
    }

    /** Whether it is a question for block status that says in its payload what it is about. */
    boolean asksByPayload() {
        return payload != 0 && type == Command.BLOCK_STATUS.code;
    }

    /**
     * This question with what its payload says.
     *
     * @throws GodwitException BAD_INPUT if that isn't a range and the only context there is
     */
    NbdRequest asked(ByteBuffer question) {
        long range = question.getLong();
        if (question.getInt() != NbdProtocol.BASE_ALLOCATION_ID) {
            throw wrong("the question is about a context that was not agreed on");
        }
        return new NbdRequest(flags, type, cookie, offset, range, payload);
    }

    /** The length of the payload that {@link #asked} takes. */
    int questionBytes() {
        if (payload != QUESTION_BYTES) {
            throw wrong("a question about one context has 12 bytes, not %d".formatted(payload));
        }
        return QUESTION_BYTES;
    }

    /** The first byte behind the range. */
    long end() {
        return offset + length;
    }

    boolean forced() {
        return (flags & NbdProtocol.CMD_FLAG_FUA) != 0;
    }

    boolean flagged(int flag) {
        return (flags & flag) != 0;
    }

    /**
     * The command, if the whole request is right.
     *
     * @throws GodwitException BAD_INPUT if it isn't; NO_SPACE if it is a write beyond the end, as the protocol has it
     */
    Command check(long diskBytes, Framing framing, boolean blockStatus) {
        if (type >= Command.BY_CODE.size()) {
            throw wrong("command %d is not known here".formatted(type));
        }
        Command command = Command.BY_CODE.get(type);
        int unknown = flags & ~command.allowed(framing);
        if (unknown != 0) {
            throw wrong("%s doesn't know flags %x".formatted(command, unknown));
        }
        if (command == Command.WRITE && payload != length) {
            throw wrong("a write without its payload");
        }
        switch (command) {
            case READ -> {
                checkSize(command);
                checkRange(diskBytes, ErrorCode.BAD_INPUT);
            }
            case WRITE, WRITE_ZEROES -> checkRange(diskBytes, ErrorCode.NO_SPACE);
            case TRIM, CACHE -> checkRange(diskBytes, ErrorCode.BAD_INPUT);
            case BLOCK_STATUS -> {
                if (!blockStatus) {
                    throw wrong("block status was not agreed on");
                }
                checkRange(diskBytes, ErrorCode.BAD_INPUT);
            }
            case FLUSH, DISCONNECT -> {
                if (offset != 0 || length != 0) {
                    throw wrong("%s has no range".formatted(command));
                }
            }
        }
        return command;
    }

    private void checkSize(Command command) {
        if (length < 0 || length > NbdProtocol.MAX_REQUEST_BYTES) {
            throw wrong("%s of %s bytes: at most 32 MiB are offered".formatted(command, Long.toUnsignedString(length)));
        }
    }

    private void checkRange(long diskBytes, ErrorCode beyond) {
        if (length == 0) {
            throw wrong("a request for no bytes");
        }
        if (offset < 0 || length < 0 || offset > diskBytes - length) {
            throw new GodwitException(
                    beyond,
                    "%s bytes at %s are not within the disk's %d"
                            .formatted(Long.toUnsignedString(length), Long.toUnsignedString(offset), diskBytes));
        }
    }

    private static GodwitException wrong(String sentence) {
        return new GodwitException(ErrorCode.BAD_INPUT, sentence);
    }
}
