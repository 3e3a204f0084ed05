package io.godwit.volume.nbd;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The names of metadata contexts that a client asks for. */
record MetaQueries(List<String> names) {
    private static final int MAX_QUERIES = 1000;

    /** Reads the rest of an option's data; empty if it isn't whole. */
    static Optional<MetaQueries> decode(ByteBuffer data) {
        if (data.remaining() < 4) {
            return Optional.empty();
        }
        int count = data.getInt();
        if (count < 0 || count > MAX_QUERIES) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        for (int query = 0; query < count; query++) {
            Optional<String> name = Handshake.takeString(data);
            if (name.isEmpty()) {
                return Optional.empty();
            }
            names.add(name.get());
        }
        return data.hasRemaining() ? Optional.empty() : Optional.of(new MetaQueries(names));
    }

    /** Whether a context is asked for; when listing, no query means all, and a namespace with its colon all in it. */
    boolean names(String context, boolean listing) {
        String namespace = context.substring(0, context.indexOf(':') + 1);
        return names.contains(context) || (listing && (names.isEmpty() || names.contains(namespace)));
    }
}
