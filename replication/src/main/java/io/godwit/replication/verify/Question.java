package io.godwit.replication.verify;

import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.Position;
import io.godwit.volume.DigestTree;
import io.godwit.volume.LogEnd;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What the source asks of the replica. Layout: docs/verify.md. */
sealed interface Question {
    /** Both sides must speak the same. */
    int VERSION = 1;

    int MOST_DIGESTS = 256;
    int MEET = 1;
    int DIGESTS = 2;
    int RECORDS = 3;

    /** Keep a point at this position or a later one, and say at which; read no faster than that from then on. */
    record Meet(Position at, long bytesPerSecond) implements Question {}

    /** The digests of so many nodes at the point, or of the first few of them. */
    record Digests(DiskName disk, int level, long first, int count) implements Question {}

    /** The records of the log from there on, as many as are at hand: at least one, if the log still has that place. */
    record Records(LogEnd from) implements Question {}

    static void write(DataOutputStream out, Question question) throws IOException {
        switch (question) {
            case Meet(Position at, long bytesPerSecond) -> {
                out.writeByte(MEET);
                out.writeShort(VERSION);
                out.writeLong(at.value());
                out.writeLong(bytesPerSecond);
            }
            case Digests(DiskName disk, int level, long first, int count) -> {
                byte[] name = disk.value().getBytes(StandardCharsets.UTF_8);
                out.writeByte(DIGESTS);
                out.writeByte(name.length);
                out.write(name);
                out.writeByte(level);
                out.writeLong(first);
                out.writeShort(count);
            }
            case Records(LogEnd from) -> {
                out.writeByte(RECORDS);
                out.writeShort(VERSION);
                out.writeLong(from.position().value());
                out.writeInt(from.chain());
            }
        }
        out.flush();
    }

    /**
     * The next question; none if the source has hung up.
     *
     * @throws GodwitException UNSUPPORTED if it speaks another version, CORRUPT if that is no question
     */
    static Optional<Question> read(DataInputStream in) throws IOException {
        int type = in.read();
        if (type < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    switch (type) {
                        case MEET -> meet(in);
                        case DIGESTS -> digests(in);
                        case RECORDS -> records(in);
                        default -> throw corrupt("type " + type);
                    });
        } catch (EOFException cut) {
            throw new IOException("the source hung up in the middle of a question", cut);
        } catch (IllegalArgumentException odd) {
            throw corrupt(String.valueOf(odd.getMessage()));
        }
    }

    private static Question meet(DataInputStream in) throws IOException {
        requireVersion(in.readUnsignedShort());
        Position at = new Position(in.readLong());
        long bytesPerSecond = in.readLong();
        if (bytesPerSecond < 1) {
            throw corrupt("a rate of %d".formatted(bytesPerSecond));
        }
        return new Meet(at, bytesPerSecond);
    }

    private static Question records(DataInputStream in) throws IOException {
        requireVersion(in.readUnsignedShort());
        return new Records(new LogEnd(new Position(in.readLong()), in.readInt()));
    }

    private static void requireVersion(int version) {
        if (version != VERSION) {
            throw new GodwitException(
                    ErrorCode.UNSUPPORTED,
                    "this site compares by version %d, the other one by version %d: update the older one"
                            .formatted(VERSION, version));
        }
    }

    private static Question digests(DataInputStream in) throws IOException {
        byte[] name = new byte[in.readUnsignedByte()];
        in.readFully(name);
        DiskName disk = new DiskName(new String(name, StandardCharsets.UTF_8));
        int level = in.readUnsignedByte();
        long first = in.readLong();
        int count = in.readUnsignedShort();
        if (level > DigestTree.TOP_LEVEL || first < 0 || count < 1 || count > MOST_DIGESTS) {
            throw corrupt("%d nodes of level %d from %d on".formatted(count, level, first));
        }
        return new Digests(disk, level, first, count);
    }

    private static GodwitException corrupt(String what) {
        return new GodwitException(ErrorCode.CORRUPT, "the other side asked for something that there isn't: " + what);
    }
}
