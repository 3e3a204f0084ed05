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
 * @param length bytes, up to 4 GiB
 */
record NbdRequest(int flags, int type, long cookie, long offset, long length) {
    static final int BYTES = 28;

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

        boolean changesDisk() {
            return switch (this) {
                case WRITE, TRIM, WRITE_ZEROES -> true;
                case READ, DISCONNECT, FLUSH, CACHE, BLOCK_STATUS -> false;
            };
        }
    }

    /** @throws IOException if these bytes don't begin a request: then nothing that follows can be understood */
    static NbdRequest decode(ByteBuffer header) throws IOException {
        if (header.getInt() != NbdProtocol.REQUEST_MAGIC) {
            throw new IOException("the client sent something that is no NBD request");
        }
        return new NbdRequest(
                Short.toUnsignedInt(header.getShort()),
                Short.toUnsignedInt(header.getShort()),
                header.getLong(),
                header.getLong(),
                Integer.toUnsignedLong(header.getInt()));
    }

    /** The first byte behind the range. */
    long end() {
        return offset + length;
    }

    /** Whether so many bytes as {@link #length} follow this request. */
    boolean hasPayload() {
        return type == Command.WRITE.code;
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
     * @throws GodwitException BAD_INPUT if it isn't; NO_SPACE if it is a change beyond the end, as the protocol has it
     */
    Command check(long diskBytes, boolean blockStatus) {
        if (type >= Command.BY_CODE.size()) {
            throw wrong("command %d is not known here".formatted(type));
        }
        Command command = Command.BY_CODE.get(type);
        if ((flags & ~command.flags) != 0) {
            throw wrong("%s doesn't know flags %x".formatted(command, flags & ~command.flags));
        }
        switch (command) {
            case READ -> {
                checkSize(command);
                checkRange(diskBytes, ErrorCode.BAD_INPUT);
            }
            case WRITE, TRIM, WRITE_ZEROES -> checkRange(diskBytes, ErrorCode.NO_SPACE);
            case CACHE -> checkRange(diskBytes, ErrorCode.BAD_INPUT);
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
        if (length > NbdProtocol.MAX_REQUEST_BYTES) {
            throw wrong("%s of %d bytes: at most 32 MiB are offered".formatted(command, length));
        }
    }

    private void checkRange(long diskBytes, ErrorCode beyond) {
        if (length == 0) {
            throw wrong("a request for no bytes");
        }
        if (offset < 0 || offset > diskBytes - length) {
            throw new GodwitException(
                    beyond, "%d bytes at %d are not within the disk's %d".formatted(length, offset, diskBytes));
        }
    }

    private static GodwitException wrong(String sentence) {
        return new GodwitException(ErrorCode.BAD_INPUT, sentence);
    }
}
