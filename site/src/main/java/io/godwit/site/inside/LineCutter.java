package io.godwit.site.inside;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Cuts what comes out of a machine into lines. Whatever comes, it holds one line; empty ones are left out. */
final class LineCutter {
    private final byte[] line = new byte[InsideLine.MAX_BYTES];
    private int length;
    /** Whether the rest of this line is passed over: it was said already that it is too long. */
    private boolean skipping;

    /** The lines that end in these bytes, and one that grows too long in them. */
    List<InsideLine> cut(ByteBuffer bytes) {
        List<InsideLine> lines = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            if (next == '\n' || next == '\r') {
                end(lines);
            } else if (length < line.length) {
                line[length++] = next;
            } else if (!skipping) {
                skipping = true;
                lines.add(new InsideLine.Unreadable("a line has at most %d bytes".formatted(InsideLine.MAX_BYTES)));
            }
        }
        return lines;
    }

    private void end(List<InsideLine> lines) {
        if (length > 0 && !skipping) {
            lines.add(InsideLine.parse(new String(line, 0, length, StandardCharsets.ISO_8859_1)));
        }
        length = 0;
        skipping = false;
    }
}
