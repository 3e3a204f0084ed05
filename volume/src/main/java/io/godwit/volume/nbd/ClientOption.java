package io.godwit.volume.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An option that a client asks for during the handshake.
 *
 * @param data valid until the next option is taken
 */
record ClientOption(int number, ByteBuffer data) {
    private static final int HEADER_BYTES = 16;

    /**
     * The next option; one that is too large is refused and skipped.
     *
     * @return empty if what comes is no option
     */
    static Optional<ClientOption> take(Inlet inlet, OptionReplies replies) throws IOException {
        while (true) {
            ByteBuffer header = inlet.take(HEADER_BYTES);
            if (header.getLong() != NbdProtocol.IHAVEOPT) {
                return Optional.empty();
            }
            int number = header.getInt();
            long length = Integer.toUnsignedLong(header.getInt());
            if (length <= NbdProtocol.MAX_OPTION_BYTES) {
                return Optional.of(new ClientOption(number, inlet.take((int) length)));
            }
            inlet.skip(length);
            replies.refuse(number, NbdProtocol.REP_ERR_TOO_BIG, "an option holds at most 64 KiB");
        }
    }
}
