package io.godwit.volume.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a client answered to the server's first words.
 *
 * @param fixed whether it knows that options are replied to
 * @param padding whether it expects the zeroes behind the reply to EXPORT_NAME that have no meaning
 * @param encrypted whether TLS has begun since
 */
record Greeting(boolean fixed, boolean padding, boolean encrypted) {
    private static final int KNOWN = NbdProtocol.FLAG_FIXED_NEWSTYLE | NbdProtocol.FLAG_NO_ZEROES;

    /** Greets the client; empty if it answers with flags that don't exist, and must be sent away. */
    static Optional<Greeting> exchange(Inlet inlet, OptionReplies replies) throws IOException {
        replies.send(ByteBuffer.allocate(18)
                .putLong(NbdProtocol.NBDMAGIC)
                .putLong(NbdProtocol.IHAVEOPT)
                .putShort((short) KNOWN));
        int flags = inlet.take(4).getInt();
        return (flags & ~KNOWN) != 0
                ? Optional.empty()
                : Optional.of(new Greeting(
                        (flags & NbdProtocol.FLAG_FIXED_NEWSTYLE) != 0,
                        (flags & NbdProtocol.FLAG_NO_ZEROES) == 0,
                        false));
    }

    /** The same client, behind TLS. */
    Greeting overTls() {
        return new Greeting(fixed, padding, true);
    }
}
