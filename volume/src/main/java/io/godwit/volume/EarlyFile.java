package io.godwit.volume;

import io.godwit.core.Position;
import io.godwit.core.Term;
import io.godwit.core.posix.PosixFile;
import io.godwit.core.posix.PosixFile.Access;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** One file of early records: batches, each of which goes on where the one before ends, up to the first that isn't whole. */
final class EarlyFile implements AutoCloseable {
    static final String SUFFIX = ".early";

    private final PosixFile file;
    private Position from;
    private Position to;
    private Term term;
    private long bytes;

    private EarlyFile(PosixFile file, EarlyBatch first) {
        this.file = file;
        this.from = first.from();
        this.to = first.from();
        this.term = first.term();
    }

    static EarlyFile create(Path directory, EarlyBatch first) throws IOException {
        Path path = directory.resolve("%020d%s".formatted(first.from().value(), SUFFIX));
        Files.deleteIfExists(path);
        return new EarlyFile(PosixFile.open(path, Access.CREATE), first);
    }

    static EarlyFile open(Path path) throws IOException {
        PosixFile opened = PosixFile.open(path, Access.READ_WRITE);
        EarlyFile file = new EarlyFile(opened, new EarlyBatch(Position.START, Position.START, Term.FIRST));
        file.find();
        return file;
    }

    private void find() throws IOException {
        ByteBuffer content = content(file.size());
        for (Optional<EarlyBatch.Stored> next = EarlyBatch.next(content);
                next.isPresent() && goesOn(next.get().batch());
                next = EarlyBatch.next(content)) {
            EarlyBatch batch = next.get().batch();
            from = bytes == 0 ? batch.from() : from;
            term = batch.term();
            to = batch.to();
            content.position(content.position() + next.get().bytes());
            bytes = content.position();
        }
    }

    /** Whether that batch may stand behind what is here. */
    boolean goesOn(EarlyBatch batch) {
        return bytes == 0 || (to.equals(batch.from()) && term.equals(batch.term()));
    }

    private ByteBuffer content(long length) throws IOException {
        ByteBuffer content = ByteBuffer.allocateDirect(Math.toIntExact(length));
        file.read(content, 0);
        return content.flip();
    }

    Position from() {
        return from;
    }

    Position to() {
        return to;
    }

    Term term() {
        return term;
    }

    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return bytes == 0;
    }

    void append(EarlyBatch batch, ByteBuffer records) throws IOException {
        int length = records.remaining();
        file.write(batch.head(records), bytes);
        file.write(records, bytes + EarlyBatch.HEADER_BYTES);
        bytes += EarlyBatch.HEADER_BYTES + (long) length;
        to = batch.to();
    }

    void sync() throws IOException {
        file.syncData();
    }

    /** Gives out all records that begin at {@code first} or behind it. */
    void replay(Position first, EarlyRecords.Replay replay) throws IOException {
        ByteBuffer content = content(bytes);
        for (Optional<EarlyBatch.Stored> next = EarlyBatch.next(content);
                next.isPresent();
                next = EarlyBatch.next(content)) {
            int end = content.position() + next.get().bytes();
            while (content.position() < end) {
                replayOne(content, first, replay);
            }
        }
    }

    private void replayOne(ByteBuffer content, Position first, EarlyRecords.Replay replay) throws IOException {
        int at = content.position();
        LogRecord record = LogRecord.decodeAnywhere(content);
        if (record.position().reaches(first)) {
            replay.take(record, content.slice(at + LogRecord.HEADER_BYTES, record.payloadBytes()));
        }
    }

    void delete() throws IOException {
        file.close();
        Files.deleteIfExists(file.path());
    }

    @Override
    public void close() {
        file.close();
    }
}
