package io.godwit.volume;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The head of a record in the group log: what was done to which bytes of which disk, at which position, under which
 * term. Records are the same bytes at every site. Byte layout: docs/log-format.md.
 *
 * @param disk index of the disk in the group; 0 for kinds that belong to none
 * @param offset first byte on the disk; for a mark, a number that its writer chose
 * @param length bytes on the disk, or of the mark's content
 * @param chain checksum of the record before this one, so that two logs which differ can't be joined
 */
public record LogRecord(
        Kind kind, int disk, long offset, int length, Position position, Term term, int chain, int checksum) {
    /** What a record does. The code is its byte in the log. */
    public enum Kind {
        /** The payload replaces the bytes on the disk. */
        WRITE(1, true),
        /** The range reads as zeroes; its space stays reserved. */
        ZERO(2, false),
        /** The range reads as zeroes; its space may be given back. */
        TRIM(3, false),
        /** Changes no disk: something that belongs to this position, such as a checkpoint. */
        MARK(4, true),
        /** Changes no disk: from here on another term. */
        TERM(5, false);

        private final int code;
        private final boolean payload;

        Kind(int code, boolean payload) {
            this.code = code;
            this.payload = payload;
        }

        boolean changesDisk() {
            return switch (this) {
                case WRITE, ZERO, TRIM -> true;
                case MARK, TERM -> false;
            };
        }

        static Kind of(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw corrupt("a record of unknown kind %d".formatted(code));
        }
    }

    public static final int HEADER_BYTES = 40;
    /** A write of more bytes becomes several records. */
    public static final int MAX_PAYLOAD_BYTES = 1 << 20;
    /** No record is longer. */
    public static final int MAX_BYTES = HEADER_BYTES + MAX_PAYLOAD_BYTES;
    /** A ZERO or TRIM of more bytes becomes several records. */
    public static final int MAX_RANGE_BYTES = 1 << 30;
    /** Records begin and end at multiples of this. */
    private static final int ALIGNMENT = 8;

    private static final int UNCHECKED_BYTES = 4;

    /** Bytes of the whole record in the log. */
    public int bytes() {
        return HEADER_BYTES + (kind.payload ? padded(length) : 0);
    }

    /** The position behind this record. */
    public Position end() {
        return position.plus(bytes());
    }

    /** @throws GodwitException CORRUPT if this names a disk that isn't there, or bytes outside of it */
    void checkFits(List<DiskSpec> disks) {
        if (!kind.changesDisk()) {
            return;
        }
        if (disk >= disks.size() || offset > disks.get(disk).size().bytes() - length) {
            throw corrupt("a %s record of %d bytes at %d of disk number %d, which has no such bytes"
                    .formatted(kind, length, offset, disk));
        }
    }

    static int padded(int payload) {
        return (payload + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** Where the payload byte for {@code diskOffset} stands in the log. */
    long payloadPosition(long diskOffset) {
        return position.value() + HEADER_BYTES + (diskOffset - offset);
    }

    /**
     * Reads the head of the record at the buffer's position, checking that it could be one and that it belongs at
     * {@code expected}; the buffer isn't moved. The checksum is only checked by {@link #decode}.
     *
     * @throws GodwitException CORRUPT if it is not such a record
     */
    static LogRecord decodeHead(ByteBuffer buffer, Position expected) {
        if (buffer.remaining() < HEADER_BYTES) {
            throw corrupt("a record's head is cut off");
        }
        int at = buffer.position();
        long position = buffer.getLong(at + 16);
        if (position != expected.value()) {
            throw corrupt("a record of position %d where %s is due".formatted(position, expected));
        }
        Kind kind = Kind.of(buffer.get(at + 8));
        int length = buffer.getInt(at + 12);
        int most = kind.payload ? MAX_PAYLOAD_BYTES : MAX_RANGE_BYTES;
        if (length < 0 || length > most || buffer.get(at + 9) != 0) {
            throw corrupt("a %s record with length %d at %s".formatted(kind, length, expected));
        }
        long offset = buffer.getLong(at + 32);
        long term = buffer.getLong(at + 24);
        if (offset < 0 || term < 1) {
            throw corrupt("a %s record with offset %d and term %d at %s".formatted(kind, offset, term, expected));
        }
        int disk = Short.toUnsignedInt(buffer.getShort(at + 10));
        return new LogRecord(
                kind, disk, offset, length, expected, new Term(term), buffer.getInt(at + 4), buffer.getInt(at));
    }

    /**
     * Reads the whole record at the buffer's position and moves the buffer behind it.
     *
     * @throws GodwitException CORRUPT if there is no whole, undamaged record that belongs at {@code expected}; the
     *     buffer isn't moved then
     */
    public static LogRecord decode(ByteBuffer buffer, Position expected) {
        LogRecord head = decodeHead(buffer, expected);
        if (buffer.remaining() < head.bytes()) {
            throw corrupt("the record at %s is cut off".formatted(expected));
        }
        ByteBuffer checked = buffer.slice(buffer.position() + UNCHECKED_BYTES, head.bytes() - UNCHECKED_BYTES);
        CRC32C crc = new CRC32C();
        crc.update(checked);
        if ((int) crc.getValue() != head.checksum) {
            throw corrupt("the record at %s has a wrong checksum".formatted(expected));
        }
        buffer.position(buffer.position() + head.bytes());
        return head;
    }

    /**
     * Writes the head of a record into {@code into} (at its beginning) and returns it with its checksum.
     *
     * @param payload the payload with its padding; not moved
     */
    static LogRecord encode(ByteBuffer into, LogRecord unsealed, ByteBuffer payload) {
        into.clear()
                .putInt(0)
                .putInt(unsealed.chain)
                .put((byte) unsealed.kind.code)
                .put((byte) 0)
                .putShort((short) unsealed.disk)
                .putInt(unsealed.length)
                .putLong(unsealed.position.value())
                .putLong(unsealed.term.value())
                .putLong(unsealed.offset)
                .flip();
        CRC32C crc = new CRC32C();
        crc.update(into.slice(UNCHECKED_BYTES, HEADER_BYTES - UNCHECKED_BYTES));
        crc.update(payload.duplicate());
        int checksum = (int) crc.getValue();
        into.putInt(0, checksum);
        return unsealed.sealedWith(checksum);
    }

    private LogRecord sealedWith(int sum) {
        return new LogRecord(kind, disk, offset, length, position, term, chain, sum);
    }

    private static GodwitException corrupt(String what) {
        return new GodwitException(ErrorCode.CORRUPT, "the log holds " + what);
    }
}
