package io.godwit.volume.nbd;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.volume.BlockDevice;
import io.godwit.volume.DiskExtent;
import io.godwit.volume.LogRecord;
import io.godwit.volume.nbd.Handshake.Agreement;
import io.godwit.volume.nbd.NbdRequest.Command;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The second phase of a connection: requests and replies. Each request is checked as a whole and then handled where it
 * was read; what has to wait for durability waits in a second thread, in order, so that it holds up nothing behind it.
 */
final class Transmission {
    private static final System.Logger LOG = System.getLogger(Transmission.class.getName());
    /** So many flushes and forced writes of one connection may be waiting. */
    private static final int MAX_WAITING = 1024;
    /** In replies to reads of so many bytes, holes aren't sent as zeroes; in shorter ones, to find them costs more. */
    private static final int SPARSE_BYTES = 64 << 10;
    /** A reply names at most so many runs. */
    private static final int MAX_RUNS = 4096;
    /** So long a client that says goodbye may have to wait for what it asked before. */
    private static final int GOODBYE_SECONDS = 2;

    private final Inlet inlet;
    private final Replies replies;
    private final NbdExport export;
    private final BlockDevice disk;
    private final Framing framing;
    private final boolean blockStatus;
    private final Semaphore waiting = new Semaphore(MAX_WAITING);

    Transmission(Inlet inlet, Replies replies, Agreement agreement) {
        this.inlet = inlet;
        this.replies = replies;
        this.export = agreement.export();
        this.disk = export.disk();
        this.framing = agreement.framing();
        this.blockStatus = agreement.blockStatus();
    }

    /** Serves until the client says goodbye; ends with an exception when it goes away without. */
    void run() throws IOException, InterruptedException {
        ExecutorService waiters = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("nbd-flush").factory());
        try {
            boolean open = true;
            while (open) {
                if (!inlet.holds(framing.requestBytes())) {
                    replies.flush();
                }
                open = serve(NbdRequest.decode(inlet.take(framing.requestBytes()), framing), waiters);
            }
            waiters.shutdown();
            waiters.awaitTermination(GOODBYE_SECONDS, TimeUnit.SECONDS);
            replies.flush();
        } finally {
            waiters.shutdownNow();
        }
    }

    /** Returns whether another request may follow. */
    private boolean serve(NbdRequest request, ExecutorService waiters) throws IOException, InterruptedException {
        if (request.payload() < 0 || request.payload() > NbdProtocol.MAX_REQUEST_BYTES) {
            throw new IOException("the client sent %s bytes at once; 32 MiB are offered"
                    .formatted(Long.toUnsignedString(request.payload())));
        }
        long end = inlet.taken() + request.payload();
        try {
            NbdRequest whole = request.asksByPayload() ? request.asked(inlet.take(request.questionBytes())) : request;
            return handle(whole.check(disk.size().bytes(), framing, blockStatus), whole, waiters);
        } catch (GodwitException refused) {
            inlet.skip(end - inlet.taken());
            replies.failed(request, refused);
            return true;
        }
    }

    private boolean handle(Command command, NbdRequest request, ExecutorService waiters)
            throws IOException, InterruptedException {
        if (export.readOnly() && command.changesDisk()) {
            throw new GodwitException(ErrorCode.DENIED, "export %s is read-only".formatted(export.name()));
        }
        switch (command) {
            case READ -> read(request);
            case WRITE -> finish(request, write(request), waiters);
            case FLUSH -> replyWhenSafe(request, disk.head(), waiters);
            case TRIM, WRITE_ZEROES -> finish(request, clear(command, request), waiters);
            case CACHE -> {
                onDisk(() -> disk.prefetch(request.offset(), request.length()));
                replies.done(request);
            }
            case BLOCK_STATUS -> replies.blockStatus(request, runs(request));
            case DISCONNECT -> {
                return false;
            }
        }
        return true;
    }

    private void read(NbdRequest request) throws IOException, InterruptedException {
        export.rule().admitRead();
        boolean whole = request.flagged(NbdProtocol.CMD_FLAG_DF);
        if (framing.chunked() && whole && request.length() > Replies.PART_BYTES) {
            replies.refused(request, NbdProtocol.EOVERFLOW, "at most 1 MiB is sent as one piece");
        } else if (framing.chunked() && !whole && request.length() >= SPARSE_BYTES) {
            replies.sparseData(request, runs(request), disk::read);
        } else {
            replies.data(request, disk::read);
        }
    }

    private Position write(NbdRequest request) throws IOException, InterruptedException {
        export.rule().admit(request.length());
        long end = request.offset() + request.length();
        Position written = disk.head();
        for (long at = request.offset(); at < end; at += LogRecord.MAX_PAYLOAD_BYTES) {
            long offset = at;
            ByteBuffer part = inlet.take((int) Math.min(LogRecord.MAX_PAYLOAD_BYTES, end - at));
            written = onDisk(() -> disk.write(offset, part));
        }
        return written;
    }

    /** Without NO_HOLE, zeroes are written as a trim: here it reads as zeroes, too. */
    private Position clear(Command command, NbdRequest request) throws InterruptedException {
        export.rule().admit(LogRecord.HEADER_BYTES);
        boolean keepsSpace = command == Command.WRITE_ZEROES && request.flagged(NbdProtocol.CMD_FLAG_NO_HOLE);
        return onDisk(() -> keepsSpace
                ? disk.zero(request.offset(), request.length())
                : disk.trim(request.offset(), request.length()));
    }

    private List<DiskExtent> runs(NbdRequest request) {
        int limit = request.flagged(NbdProtocol.CMD_FLAG_REQ_ONE) ? 1 : MAX_RUNS;
        return onDisk(() -> disk.extents(request.offset(), request.length(), limit));
    }

    private interface DiskWork<T> {
        T run() throws IOException;
    }

    private interface DiskAction {
        void run() throws IOException;
    }

    /** A failure of the disk is one of the request; one of the connection is an IOException. */
    private static <T> T onDisk(DiskWork<T> work) {
        try {
            return work.run();
        } catch (IOException failed) {
            throw new GodwitException(ErrorCode.FAILED, "the disk failed: " + failed.getMessage(), failed);
        }
    }

    private static void onDisk(DiskAction action) {
        try {
            action.run();
        } catch (IOException failed) {
            throw new GodwitException(ErrorCode.FAILED, "the disk failed: " + failed.getMessage(), failed);
        }
    }

    private void finish(NbdRequest request, Position written, ExecutorService waiters)
            throws IOException, InterruptedException {
        if (request.forced() || export.rule().everyWrite()) {
            replyWhenSafe(request, written, waiters);
        } else {
            replies.done(request);
        }
    }

    private void replyWhenSafe(NbdRequest request, Position position, ExecutorService waiters)
            throws InterruptedException, IOException {
        if (!waiting.tryAcquire()) {
            replies.flush();
            waiting.acquire();
        }
        waiters.execute(() -> {
            try {
                awaitSafe(request, position);
            } catch (IOException | InterruptedException clientGone) {
                LOG.log(System.Logger.Level.TRACE, "nobody waits for a flush any more", clientGone);
            } finally {
                waiting.release();
            }
        });
    }

    private void awaitSafe(NbdRequest request, Position position) throws IOException, InterruptedException {
        try {
            export.rule().awaitSafe(position);
            replies.done(request);
        } catch (GodwitException failed) {
            replies.failed(request, failed);
        }
        replies.flush();
    }
}
