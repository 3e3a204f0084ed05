package io.godwit.site.history;

import io.godwit.core.GodwitException;
import io.godwit.core.MarkName;
import io.godwit.core.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** What a mark in a group's log says besides its time. A mark that says nothing only tells the time. */
public record MarkNote(Optional<MarkName> name, Kind kind) {
    /** No note is longer. */
    static final int MAX_BYTES = 4096;

    /** What a mark stands for. */
    public enum Kind {
        /** The disks are as after a power failure. */
        CRASH,
        /** The machines' file systems were frozen. */
        APPLICATION,
        /** What a rewind is about to leave behind. */
        BEFORE_REWIND,
        /** From here on, up to {@link #REWOUND}, the disks are neither as before nor as after. */
        REWINDING,
        /** A rewind is complete. */
        REWOUND;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    static MarkNote named(MarkName name, Kind kind) {
        return new MarkNote(Optional.of(name), kind);
    }

    static MarkNote nameless(Kind kind) {
        return new MarkNote(Optional.empty(), kind);
    }

    ByteBuffer encode() {
        return ByteBuffer.wrap(Json.bytes(this));
    }

    /** Empty for a mark that something else has written. */
    static Optional<MarkNote> decode(ByteBuffer content) {
        if (content.remaining() > MAX_BYTES) {
            return Optional.empty();
        }
        try {
            MarkNote note = Json.read(StandardCharsets.UTF_8.decode(content).toString(), MarkNote.class, "a mark");
            return note.kind == null ? Optional.empty() : Optional.of(note);
        } catch (GodwitException other) {
            return Optional.empty();
        }
    }
}
