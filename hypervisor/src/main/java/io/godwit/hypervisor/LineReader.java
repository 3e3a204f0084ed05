package io.godwit.hypervisor;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Lines of bounded length from a stream; empty lines are left out. */
final class LineReader {
    static final int MAX_LINE_BYTES = 1 << 20;

    private final InputStream in;
    private final int maxBytes;

    LineReader(InputStream in) {
        this(in, MAX_LINE_BYTES);
    }

    LineReader(InputStream in, int maxBytes) {
        this.in = new BufferedInputStream(in);
        this.maxBytes = maxBytes;
    }

    /** The next line without its end; empty at the end of the stream. */
    Optional<String> next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int read = in.read(); read >= 0; read = in.read()) {
            if (read == '\n' || read == '\r') {
                if (line.size() > 0) {
                    return Optional.of(line.toString(StandardCharsets.UTF_8));
                }
            } else if (line.size() == maxBytes) {
                throw new GodwitException(
                        ErrorCode.CORRUPT, "a line of more than %d bytes came from QEMU".formatted(maxBytes));
            } else {
                line.write(read);
            }
        }
        return Optional.empty();
    }
}
