package io.godwit.bench;

import io.godwit.core.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory for one run of a benchmark, removed with all that is in it. */
public record Scratch(Path directory) implements AutoCloseable {
    /** Makes one in {@code parent}, which is made as well if it isn't there. */
    public static Scratch in(Path parent) throws IOException {
        Files.createDirectories(parent);
        return new Scratch(Files.createTempDirectory(parent.toRealPath(), "bench"));
    }

    @Override
    public void close() throws IOException {
        new FileTree(directory).delete();
    }
}
