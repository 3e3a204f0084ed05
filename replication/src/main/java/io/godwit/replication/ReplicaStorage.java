package io.godwit.replication;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.posix.ErrnoException;
import java.io.IOException;
import java.nio.file.Path;

/** Something done to a replica's storage: its failure is a {@link GodwitException}, so that it is never taken for one of the channel. */
interface ReplicaStorage<T> {
    T run() throws IOException;

    static <T> T get(Path directory, ReplicaStorage<T> work) {
        try {
            return work.run();
        } catch (IOException failed) {
            throw failure(directory, noSpace(failed) ? ErrorCode.NO_SPACE : ErrorCode.FAILED, failed);
        }
    }

    /** The same without a result. */
    interface Step {
        void run() throws IOException;
    }

    static void run(Path directory, Step step) {
        get(directory, () -> {
            step.run();
            return true;
        });
    }

    /** The JDK's own files have no error numbers, only the system's words for them. */
    private static boolean noSpace(IOException failed) {
        return failed instanceof ErrnoException numbered
                ? numbered.noSpace()
                : String.valueOf(failed.getMessage()).contains("No space left on device");
    }

    private static GodwitException failure(Path directory, ErrorCode code, IOException cause) {
        return new GodwitException(
                code,
                "the replica's storage at %s failed: %s%s"
                        .formatted(
                                directory,
                                cause.getMessage(),
                                code == ErrorCode.NO_SPACE ? "; make room there, replication goes on by itself" : ""),
                cause);
    }
}
