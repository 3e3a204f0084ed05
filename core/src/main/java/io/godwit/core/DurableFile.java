package io.godwit.core;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A small file that is replaced as a whole: after {@link #write} returns, a power failure leaves the new content. */
public record DurableFile(Path path) {
    /** No file of this kind is larger; reading one that is fails. */
    private static final long MAX_BYTES = 16 << 20;

    public Optional<byte[]> read() throws IOException {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new GodwitException(ErrorCode.CORRUPT, path + " is larger than anything written there");
            }
            return Optional.of(Files.readAllBytes(path));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    /** Replaces the content atomically; the file is readable and writable by its owner alone. */
    public void write(byte[] content) throws IOException {
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        put(content, fresh);
        replaceBy(fresh);
    }

    /** The new content, safe on the disk beside the old: to let it take the old one's place is quick. One at a time. */
    public Staged stage(byte[] content) throws IOException {
        Path fresh = path.resolveSibling(path.getFileName() + ".staged");
        put(content, fresh);
        return new Staged(fresh);
    }

    /** See {@link #stage}. */
    public final class Staged {
        private final Path fresh;

        private Staged(Path fresh) {
            this.fresh = fresh;
        }

        /** Replaces the file's content; after it returns, a power failure leaves the new content. */
        public void commit() throws IOException {
            replaceBy(fresh);
        }

        /** Leaves the file as it is. */
        public void discard() throws IOException {
            Files.deleteIfExists(fresh);
        }
    }

    private static void put(byte[] content, Path fresh) throws IOException {
        Files.deleteIfExists(fresh);
        FileTree.makeOwn(fresh);
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }

    private void replaceBy(Path fresh) throws IOException {
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncDirectory();
    }

    public void delete() throws IOException {
        if (Files.deleteIfExists(path)) {
            syncDirectory();
        }
    }

    private void syncDirectory() throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            FileTree.syncNames(parent);
        }
    }
}
