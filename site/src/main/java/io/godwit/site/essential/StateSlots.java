package io.godwit.site.essential;

import io.godwit.core.ByteCount;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.volume.BlockDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * A disk with two places for a state, which are written in turn: the content first, then the header that makes it count. Whatever beginning of the writes
 * a disk holds, and so at whatever position of its group's log it is looked at, it has the last state whose header is there.
 *
 * <p>A header has 4096 bytes, of which these count, in big-endian order: {@value #MAGIC} (8 bytes), number (8), milliseconds since 1970 (8), length of the
 * content (4), SHA-256 of the content and of the 28 bytes before (32).
 */
public record StateSlots(BlockDevice disk, ByteCount capacity) {
    private static final long MAGIC = 0x4757_5354_4154_4531L;
    private static final int BLOCK_BYTES = 4096;
    private static final int DIGESTED_BYTES = 28;
    private static final int DIGEST_BYTES = 32;
    private static final int SLOTS = 2;

    /** The size of a disk for states of at most {@code capacity}. */
    public static ByteCount diskSize(ByteCount capacity) {
        return new ByteCount(SLOTS * (BLOCK_BYTES + capacity.bytes()));
    }

    /** The last state that was saved; what is no whole state doesn't count. */
    public Optional<SavedState> read() throws IOException {
        Optional<SavedState> last = Optional.empty();
        for (int slot = 0; slot < SLOTS; slot++) {
            Optional<SavedState> found = read(slot);
            if (found.isPresent()
                    && last.filter(other -> other.number() > found.get().number())
                            .isEmpty()) {
                last = found;
            }
        }
        return last;
    }

    private Optional<SavedState> read(int slot) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(BLOCK_BYTES);
        disk.read(begin(slot), header);
        header.flip();
        long magic = header.getLong();
        long number = header.getLong();
        long millis = header.getLong();
        int length = header.getInt();
        if (magic != MAGIC || number % SLOTS != slot || length < 0 || length > capacity.bytes()) {
            return Optional.empty();
        }
        byte[] digest = new byte[DIGEST_BYTES];
        header.get(digest);
        ByteBuffer content = ByteBuffer.allocate(length);
        disk.read(begin(slot) + BLOCK_BYTES, content);
        content.flip();
        if (!MessageDigest.isEqual(digest, digest(header.slice(0, DIGESTED_BYTES), content.duplicate()))) {
            return Optional.empty();
        }
        return time(millis).map(time -> new SavedState(number, time, content));
    }

    private static Optional<Instant> time(long millis) {
        try {
            return Optional.of(Instant.ofEpochMilli(millis));
        } catch (DateTimeException nonsense) {
            return Optional.empty();
        }
    }

    /**
     * Saves a state in place of the older one. Blocks that the place holds already are not written.
     *
     * @param last what {@link #read} returned
     * @throws GodwitException BAD_INPUT if it is larger than there is room for
     */
    public SavedState write(Optional<SavedState> last, Instant time, ByteBuffer content) throws IOException {
        if (content.remaining() > capacity.bytes()) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "a state of %s is more than the %s that there is room for"
                            .formatted(new ByteCount(content.remaining()), capacity));
        }
        SavedState next = new SavedState(last.map(SavedState::number).orElse(0L) + 1, time, content);
        int slot = Math.toIntExact(next.number() % SLOTS);
        writeContent(begin(slot) + BLOCK_BYTES, next.content());
        disk.write(begin(slot), header(next));
        return next;
    }

    private void writeContent(long begin, ByteBuffer content) throws IOException {
        int blocks = (content.remaining() + BLOCK_BYTES - 1) / BLOCK_BYTES;
        for (int block = 0; block < blocks; block++) {
            byte[] next = new byte[BLOCK_BYTES];
            content.get(next, 0, Math.min(BLOCK_BYTES, content.remaining()));
            long at = begin + (long) block * BLOCK_BYTES;
            byte[] present = new byte[BLOCK_BYTES];
            disk.read(at, ByteBuffer.wrap(present));
            if (!Arrays.equals(next, present)) {
                disk.write(at, ByteBuffer.wrap(next));
            }
        }
    }

    private static ByteBuffer header(SavedState state) {
        ByteBuffer header = ByteBuffer.allocate(BLOCK_BYTES);
        header.putLong(MAGIC)
                .putLong(state.number())
                .putLong(state.time().toEpochMilli())
                .putInt(state.content().remaining());
        header.put(digest(header.slice(0, DIGESTED_BYTES), state.content()));
        return header.rewind();
    }

    private static byte[] digest(ByteBuffer header, ByteBuffer content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(header);
            digest.update(content);
            return digest.digest();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private long begin(int slot) {
        return slot * (BLOCK_BYTES + capacity.bytes());
    }
}
