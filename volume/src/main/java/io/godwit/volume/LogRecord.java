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
 * term. It names the checksum of its payload, and records chain by their heads' checksums: so a head can be trusted where
 * the payload was left out, and says the same at every site. Byte layout: docs/log-format.md.
 *
 * @param disk index of the disk in the group; 0 for kinds that belong to none
 * @param offset first byte on the disk; for a mark, a number that its writer chose; for a term, a random one, the salt
 * @param length bytes on the disk, or of the mark's content
 * @param chain checksum of the head before this one, so that two logs which differ can't be joined
 * @param payloadSum checksum of the payload with its padding; 0 for kinds without one
 * @param checksum of this head, its form excepted
 */
public record LogRecord(
        Kind kind,
        int disk,
        long offset,
        int length,
        Position position,
        Term term,
        int chain,
        int payloadSum,
        int checksum,
        RecordForm form) {
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
        /** Changes no disk: from here on another term, or the same one with another salt. */
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

    public static final int HEADER_BYTES = 48;
    /** A write of more bytes becomes several records. */
    public static final int MAX_PAYLOAD_BYTES = 1 << 20;
    /** No record is longer. */
    public static final int MAX_BYTES = HEADER_BYTES + MAX_PAYLOAD_BYTES;
    /** A ZERO or TRIM of more bytes becomes several records. */
    public static final int MAX_RANGE_BYTES = 1 << 30;
    /** Records begin and end at multiples of this. */
    private static final int ALIGNMENT = 8;

    static final int FORM_AT = 4;
    private static final int POSITION_AT = 24;
    private static final int CHECKED_FROM = 8;

    /** Bytes that the record takes in the log, whatever its form. */
    public int bytes() {
        return HEADER_BYTES + (kind.payload ? padded(length) : 0);
    }

    /** Bytes of its payload, without padding. */
    int payloadBytes() {
        return kind.payload ? length : 0;
    }

    /** Bytes of it that cross between sites. */
    public int shippedBytes() {
        return form == RecordForm.ELIDED ? HEADER_BYTES : bytes();
    }

    /** Whether the disks at its end are a point of the group's history. */
    public boolean endsAtPoint() {
        return form == RecordForm.WHOLE;
    }

    /** Whether its end is a point at every site: it is a mark, or a term begins with it that is newer than {@code before}. */
    boolean isOwnPoint(Term before) {
        return kind == Kind.MARK || (kind == Kind.TERM && before.isOlderThan(term));
    }

    /** Whether what it says about a disk counts; where it was left out, a later record of the batch counts instead. */
    boolean counts() {
        return kind.changesDisk() && form != RecordForm.ELIDED;
    }

    /** Whether it puts a number into the chain that no guest can know, so that none can write what continues the log. */
    boolean salts() {
        return kind == Kind.TERM && offset != 0;
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
     * Reads the head of the record at the buffer's position, checking that it is whole and belongs at {@code expected};
     * the buffer isn't moved.
     *
     * @throws GodwitException CORRUPT if there is no such head
     */
    static LogRecord decodeHead(ByteBuffer buffer, Position expected) {
        if (buffer.remaining() < HEADER_BYTES) {
            throw corrupt("a record's head is cut off");
        }
        int at = buffer.position();
        LogRecord head = parse(buffer, at, expected);
        if (head.checksum != sum(buffer.slice(at + CHECKED_FROM, HEADER_BYTES - CHECKED_FROM))) {
            throw corrupt("the head of the record at %s has a wrong checksum".formatted(expected));
        }
        if (head.form == RecordForm.ELIDED && head.kind != Kind.WRITE) {
            throw corrupt("a %s record without its content at %s".formatted(head.kind, expected));
        }
        return head;
    }

    private static LogRecord parse(ByteBuffer buffer, int at, Position expected) {
        long position = buffer.getLong(at + POSITION_AT);
        if (position != expected.value()) {
            throw corrupt("a record of position %d where %s is due".formatted(position, expected));
        }
        Kind kind = Kind.of(buffer.get(at + 16));
        int length = buffer.getInt(at + 20);
        int most = kind.payload ? MAX_PAYLOAD_BYTES : MAX_RANGE_BYTES;
        if (length < 0 || length > most || buffer.get(at + 17) != 0) {
            throw corrupt("a %s record with length %d at %s".formatted(kind, length, expected));
        }
        long offset = buffer.getLong(at + 40);
        long term = buffer.getLong(at + 32);
        if (offset < 0 || term < 1) {
            throw corrupt("a %s record with offset %d and term %d at %s".formatted(kind, offset, term, expected));
        }
        return new LogRecord(
                kind,
                Short.toUnsignedInt(buffer.getShort(at + 18)),
                offset,
                length,
                expected,
                new Term(term),
                buffer.getInt(at + 8),
                buffer.getInt(at + 12),
                buffer.getInt(at),
                RecordForm.of(buffer.getInt(at + FORM_AT)));
    }

    /**
     * Reads the whole record at the buffer's position, as it stands in the log, and moves the buffer behind it.
     *
     * @throws GodwitException CORRUPT if there is no undamaged record that belongs at {@code expected}; the buffer isn't
     *     moved then
     */
    public static LogRecord decode(ByteBuffer buffer, Position expected) {
        LogRecord head = decodeHead(buffer, expected);
        head.take(buffer, head.bytes());
        return head;
    }

    /**
     * Like {@link #decode} for a record that may stand at any position.
     *
     * @throws GodwitException CORRUPT if there is no whole record with its content
     */
    static LogRecord decodeAnywhere(ByteBuffer buffer) {
        if (buffer.remaining() < HEADER_BYTES) {
            throw corrupt("a record's head is cut off");
        }
        long position = buffer.getLong(buffer.position() + POSITION_AT);
        if (position < 0 || position > Long.MAX_VALUE - MAX_BYTES) {
            throw corrupt("a record of position %d".formatted(position));
        }
        return decode(buffer, new Position(position));
    }

    /** Like {@link #decode} for a record as it crosses between sites: of an elided one there is only the head. */
    public static LogRecord decodeShipped(ByteBuffer buffer, Position expected) {
        LogRecord head = decodeHead(buffer, expected);
        head.take(buffer, head.shippedBytes());
        return head;
    }

    private void take(ByteBuffer buffer, int bytes) {
        if (buffer.remaining() < bytes) {
            throw corrupt("the record at %s is cut off".formatted(position));
        }
        int payload = buffer.position() + HEADER_BYTES;
        if (form != RecordForm.ELIDED && payloadSum != sum(buffer.slice(payload, bytes() - HEADER_BYTES))) {
            throw corrupt("the content of the record at %s has a wrong checksum".formatted(position));
        }
        buffer.position(buffer.position() + bytes);
    }

    /**
     * Writes the head of a record into {@code into} (at its beginning) and returns it with its checksums.
     *
     * @param payload the payload with its padding; not moved
     */
    static LogRecord encode(ByteBuffer into, LogRecord unsealed, ByteBuffer payload) {
        int payloadSum = sum(payload.slice());
        into.clear()
                .putInt(0)
                .putInt(unsealed.form.code())
                .putInt(unsealed.chain)
                .putInt(payloadSum)
                .put((byte) unsealed.kind.code)
                .put((byte) 0)
                .putShort((short) unsealed.disk)
                .putInt(unsealed.length)
                .putLong(unsealed.position.value())
                .putLong(unsealed.term.value())
                .putLong(unsealed.offset)
                .flip();
        int checksum = sum(into.slice(CHECKED_FROM, HEADER_BYTES - CHECKED_FROM));
        into.putInt(0, checksum);
        return unsealed.sealedWith(payloadSum, checksum);
    }

    /** Changes the form of the record that begins at {@code at}. */
    static void putForm(ByteBuffer records, int at, RecordForm form) {
        records.putInt(at + FORM_AT, form.code());
    }

    private LogRecord sealedWith(int content, int sum) {
        return new LogRecord(kind, disk, offset, length, position, term, chain, content, sum, form);
    }

    private static int sum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static GodwitException corrupt(String what) {
        return new GodwitException(ErrorCode.CORRUPT, "the log holds " + what);
    }
}
