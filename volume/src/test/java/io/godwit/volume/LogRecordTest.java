package io.godwit.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.volume.LogRecord.Kind;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogRecordTest {
    private static final Position AT = new Position(4096);

    /** The example of docs/log-format.md. */
    private static final String WRITE_OF_EIGHT_BYTES = "9df9a86e" // checksum
            + "00000000" // form
            + "00c0ffee" // chain
            + "66dd4c80" // checksum of the payload
            + "01" // WRITE
            + "00"
            + "0001" // disk
            + "00000008" // length
            + "0000000000001000" // position
            + "0000000000000003" // term
            + "0000000000010000" // offset
            + "676f647769742121"; // payload

    private static byte[] encoded(Kind kind, int disk, long offset, int length, byte[] payload) {
        return encoded(RecordForm.WHOLE, kind, disk, offset, length, payload);
    }

    private static byte[] encoded(RecordForm form, Kind kind, int disk, long offset, int length, byte[] payload) {
        ByteBuffer header = ByteBuffer.allocate(LogRecord.HEADER_BYTES);
        LogRecord unsealed = new LogRecord(kind, disk, offset, length, AT, new Term(3), 0xc0ffee, 0, 0, form);
        LogRecord.encode(header, unsealed, ByteBuffer.wrap(payload));
        byte[] record = new byte[LogRecord.HEADER_BYTES + payload.length];
        header.get(record, 0, LogRecord.HEADER_BYTES);
        System.arraycopy(payload, 0, record, LogRecord.HEADER_BYTES, payload.length);
        return record;
    }

    @Test
    void isWrittenByteForByteAsDocumented() {
        byte[] payload = {'g', 'o', 'd', 'w', 'i', 't', '!', '!'};
        byte[] record = encoded(Kind.WRITE, 1, 65536, 8, payload);
        assertThat(HexFormat.of().formatHex(record)).isEqualTo(WRITE_OF_EIGHT_BYTES);
    }

    @Test
    void isReadAsItWasWritten() {
        ByteBuffer record = ByteBuffer.wrap(encoded(Kind.TRIM, 2, 512, LogRecord.MAX_RANGE_BYTES, new byte[0]));
        LogRecord read = LogRecord.decode(record, AT);
        assertThat(record.hasRemaining()).isFalse();
        assertThat(read.kind()).isEqualTo(Kind.TRIM);
        assertThat(read.disk()).isEqualTo(2);
        assertThat(read.offset()).isEqualTo(512);
        assertThat(read.length()).isEqualTo(LogRecord.MAX_RANGE_BYTES);
        assertThat(read.term()).isEqualTo(new Term(3));
        assertThat(read.chain()).isEqualTo(0xc0ffee);
        assertThat(read.end()).isEqualTo(AT.plus(48));
    }

    /** What a site left out, and what that means for its history, is its own matter: the chain is the same everywhere. */
    @Test
    void theHeadIsTheSameWhateverASiteHoldsOfIt() {
        byte[] payload = new byte[4096];
        new Random(1).nextBytes(payload);
        LogRecord whole = LogRecord.decode(ByteBuffer.wrap(encoded(Kind.WRITE, 1, 0, 4096, payload)), AT);
        byte[] elided = encoded(RecordForm.ELIDED, Kind.WRITE, 1, 0, 4096, payload);
        LogRecord inLog = LogRecord.decode(ByteBuffer.wrap(java.util.Arrays.copyOf(elided, 48 + 4096)), AT);
        ByteBuffer crossing = ByteBuffer.wrap(elided, 0, 48);
        assertThat(LogRecord.decodeShipped(crossing, AT)).isEqualTo(inLog);
        assertThat(crossing.hasRemaining()).isFalse();
        assertThat(inLog.checksum()).isEqualTo(whole.checksum());
        assertThat(inLog.end()).isEqualTo(whole.end());
        assertThat(inLog.endsAtPoint()).isFalse();
    }

    @Test
    void onlyAWriteIsLeftOut() {
        ByteBuffer mark = ByteBuffer.wrap(encoded(RecordForm.ELIDED, Kind.MARK, 0, 0, 8, new byte[8]));
        assertThatThrownBy(() -> LogRecord.decode(mark, AT)).isInstanceOf(GodwitException.class);
    }

    @Test
    void noRecordIsTakenForOneOfAnotherPosition() {
        ByteBuffer record = ByteBuffer.wrap(encoded(Kind.TERM, 0, 0, 0, new byte[0]));
        assertThatThrownBy(() -> LogRecord.decode(record, AT.plus(8))).isInstanceOf(GodwitException.class);
    }

    /** Every damaged record is refused as CORRUPT, and so is everything that never was one. */
    @Test
    void noDamageGoesUnnoticed() {
        long seed = System.nanoTime();
        System.out.println("LogRecordTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            byte[] payload = new byte[8 * random.nextInt(20)];
            random.nextBytes(payload);
            byte[] record = encoded(Kind.WRITE, 1, 0, payload.length, payload);
            ByteBuffer damaged = ByteBuffer.wrap(damage(record, random));
            assertThatThrownBy(() -> LogRecord.decode(damaged, AT))
                    .isInstanceOfSatisfying(
                            GodwitException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT));
            assertThat(damaged.position()).isZero();
        }
    }

    private static byte[] damage(byte[] record, Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> {
                record[random.nextInt(record.length)] ^= (byte) (1 << random.nextInt(8));
                yield record;
            }
            case 1 -> java.util.Arrays.copyOf(record, random.nextInt(record.length));
            default -> {
                random.nextBytes(record);
                ByteBuffer.wrap(record).put(16, (byte) random.nextInt(7)).putLong(24, AT.value());
                yield record;
            }
        };
    }
}
