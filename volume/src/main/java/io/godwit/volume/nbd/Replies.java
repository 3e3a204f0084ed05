package io.godwit.volume.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.godwit.core.GodwitException;
import io.godwit.volume.DiskExtent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the server sends: replies of several threads, each as a whole, gathered in one buffer. The thread that reads
 * requests sends the buffer before it waits for more of them; others send at once.
 */
final class Replies {
    /** Fills a buffer with the bytes of a disk. */
    interface Source {
        void fill(long offset, ByteBuffer into) throws IOException;
    }

    /** Data is sent in parts of at most so many bytes. */
    static final int PART_BYTES = 1 << 20;

    private static final int CAPACITY = PART_BYTES + (64 << 10);
    private static final int SIMPLE_HEADER_BYTES = 16;
    /** The longer of both shapes. */
    private static final int CHUNK_HEADER_BYTES = 32;

    private static final int HOLE_BYTES = 12;
    private static final int MAX_SENTENCE_BYTES = 1024;

    private final WritableByteChannel channel;
    private final Framing framing;
    private final ReentrantLock lock = new ReentrantLock();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(CAPACITY);

    Replies(WritableByteChannel channel, Framing framing) {
        this.channel = channel;
        this.framing = framing;
    }

    /** Sends all that was gathered. */
    void flush() throws IOException {
        lock.lock();
        try {
            send();
        } finally {
            lock.unlock();
        }
    }

    void done(NbdRequest request) throws IOException {
        lock.lock();
        try {
            reserve(CHUNK_HEADER_BYTES);
            if (framing == Framing.EXTENDED) {
                chunk(request, NbdProtocol.REPLY_TYPE_NONE, true, 0);
            } else {
                simple(request, 0);
            }
        } finally {
            lock.unlock();
        }
    }

    void failed(NbdRequest request, GodwitException why) throws IOException {
        lock.lock();
        try {
            fail(request, errno(why), why.sentence());
        } finally {
            lock.unlock();
        }
    }

    /** The wire's number for an operating failure. */
    private static int errno(GodwitException why) {
        return switch (why.code()) {
            case FENCED, DENIED -> NbdProtocol.EPERM;
            case NO_SPACE -> NbdProtocol.ENOSPC;
            case BAD_INPUT, NOT_FOUND, UNSUPPORTED -> NbdProtocol.EINVAL;
            case CONFLICT -> NbdProtocol.ESHUTDOWN;
            case CORRUPT, FAILED, UNREACHABLE -> NbdProtocol.EIO;
        };
    }

    private void fail(NbdRequest request, int error, String sentence) throws IOException {
        if (!framing.chunked()) {
            reserve(SIMPLE_HEADER_BYTES);
            simple(request, error);
            return;
        }
        byte[] text = sentence.getBytes(UTF_8);
        int length = wholeCharacters(text, MAX_SENTENCE_BYTES);
        reserve(CHUNK_HEADER_BYTES + 6 + length);
        chunk(request, NbdProtocol.REPLY_TYPE_ERROR, true, 6 + length);
        buffer.putInt(error).putShort((short) length).put(text, 0, length);
    }

    /** At most so many bytes of a text in UTF-8, without a piece of a character at their end. */
    private static int wholeCharacters(byte[] text, int atMost) {
        int length = Math.min(text.length, atMost);
        while (length < text.length && length > 0 && (text[length] & 0xc0) == 0x80) {
            length--;
        }
        return length;
    }

    /** Reports a failure that has a number of its own. */
    void refused(NbdRequest request, int error, String sentence) throws IOException {
        lock.lock();
        try {
            fail(request, error, sentence);
        } finally {
            lock.unlock();
        }
    }

    /** Replies to a read; the source fills the buffer that is sent. */
    void data(NbdRequest request, Source source) throws IOException {
        lock.lock();
        try {
            addParts(request, request.offset(), request.end(), source);
        } finally {
            lock.unlock();
        }
    }

    /** Replies to a read in chunks, naming the zeroes among the runs instead of sending them. */
    void sparseData(NbdRequest request, List<DiskExtent> runs, Source source) throws IOException {
        lock.lock();
        try {
            long at = request.offset();
            for (DiskExtent run : runs) {
                if (run.content() == DiskExtent.Content.DATA) {
                    if (!addParts(request, at, at + run.length(), source)) {
                        return;
                    }
                } else {
                    addHole(request, run);
                }
                at += run.length();
            }
            addParts(request, at, request.end(), source);
        } finally {
            lock.unlock();
        }
    }

    private void addHole(NbdRequest request, DiskExtent run) throws IOException {
        reserve(CHUNK_HEADER_BYTES + HOLE_BYTES);
        boolean last = run.offset() + run.length() == request.end();
        chunk(request, NbdProtocol.REPLY_TYPE_OFFSET_HOLE, last, HOLE_BYTES);
        buffer.putLong(run.offset()).putInt((int) run.length());
    }

    /** Adds data; false if instead a failure was reported, which ends the reply. */
    private boolean addParts(NbdRequest request, long from, long to, Source source) throws IOException {
        for (long at = from; at < to; at += PART_BYTES) {
            if (!addPart(request, at, (int) Math.min(PART_BYTES, to - at), source)) {
                return false;
            }
        }
        return true;
    }

    /** Adds a part of the data; false if instead a failure was reported, which ends the reply. */
    private boolean addPart(NbdRequest request, long at, int bytes, Source source) throws IOException {
        boolean first = at == request.offset();
        boolean last = at + bytes == request.end();
        reserve(CHUNK_HEADER_BYTES + Long.BYTES + bytes);
        int begin = buffer.position();
        if (framing.chunked()) {
            chunk(request, NbdProtocol.REPLY_TYPE_OFFSET_DATA, last, Long.BYTES + bytes);
            buffer.putLong(at);
        } else if (first) {
            simple(request, 0);
        }
        int room = buffer.limit();
        try {
            source.fill(at, buffer.limit(buffer.position() + bytes));
            buffer.limit(room);
            return true;
        } catch (IOException | GodwitException failed) {
            buffer.limit(room).position(begin);
            if (!framing.chunked() && !first) {
                throw new IOException("a read failed when its reply had begun", failed);
            }
            fail(request, NbdProtocol.EIO, String.valueOf(failed.getMessage()));
            return false;
        }
    }

    /** Replies to a question for block status with the first runs of the range. */
    void blockStatus(NbdRequest request, List<DiskExtent> runs) throws IOException {
        lock.lock();
        try {
            if (framing == Framing.EXTENDED) {
                longRuns(request, runs);
            } else {
                shortRuns(request, runs);
            }
        } finally {
            lock.unlock();
        }
    }

    private void shortRuns(NbdRequest request, List<DiskExtent> runs) throws IOException {
        int bytes = 4 + 8 * runs.size();
        reserve(CHUNK_HEADER_BYTES + bytes);
        chunk(request, NbdProtocol.REPLY_TYPE_BLOCK_STATUS, true, bytes);
        buffer.putInt(NbdProtocol.BASE_ALLOCATION_ID);
        runs.forEach(run -> buffer.putInt((int) run.length()).putInt(state(run)));
    }

    private void longRuns(NbdRequest request, List<DiskExtent> runs) throws IOException {
        int bytes = 8 + 16 * runs.size();
        reserve(CHUNK_HEADER_BYTES + bytes);
        chunk(request, NbdProtocol.REPLY_TYPE_BLOCK_STATUS_EXT, true, bytes);
        buffer.putInt(NbdProtocol.BASE_ALLOCATION_ID).putInt(runs.size());
        runs.forEach(run -> buffer.putLong(run.length()).putLong(state(run)));
    }

    private static int state(DiskExtent run) {
        return switch (run.content()) {
            case DATA -> 0;
            case ZERO -> NbdProtocol.STATE_ZERO;
            case HOLE -> NbdProtocol.STATE_ZERO | NbdProtocol.STATE_HOLE;
        };
    }

    private void simple(NbdRequest request, int error) {
        buffer.putInt(NbdProtocol.SIMPLE_REPLY_MAGIC).putInt(error).putLong(request.cookie());
    }

    private void chunk(NbdRequest request, int type, boolean last, int length) {
        boolean extended = framing == Framing.EXTENDED;
        buffer.putInt(extended ? NbdProtocol.EXTENDED_REPLY_MAGIC : NbdProtocol.STRUCTURED_REPLY_MAGIC)
                .putShort((short) (last ? NbdProtocol.REPLY_FLAG_DONE : 0))
                .putShort((short) type)
                .putLong(request.cookie());
        if (extended) {
            buffer.putLong(request.offset()).putLong(length);
        } else {
            buffer.putInt(length);
        }
    }

    private void reserve(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            send();
        }
    }

    private void send() throws IOException {
        buffer.flip();
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } finally {
            buffer.clear();
        }
    }
}
