package io.godwit.volume.nbd;

import java.io.IOException;
import java.util.Optional;

/**
 * The part of a handshake before TLS, on a connection where nothing is said without: every option but STARTTLS and ABORT
 * is refused. In the protocol's words the server is in mode FORCEDTLS.
 */
record ForcedTls(Inlet inlet, OptionReplies replies) {
    /** A client that asks for more options than this is not going to start TLS. */
    private static final int MAX_OPTIONS = 16;

    /** Returns the client that starts TLS now; empty if the connection must end. */
    Optional<Greeting> agreed() throws IOException {
        Optional<Greeting> greeting = Greeting.exchange(inlet, replies).filter(Greeting::fixed);
        return greeting.isPresent() && agreedByOption() ? greeting.map(Greeting::overTls) : Optional.empty();
    }

    private boolean agreedByOption() throws IOException {
        for (int options = 0; options < MAX_OPTIONS; options++) {
            Optional<ClientOption> option = ClientOption.take(inlet, replies);
            if (option.isEmpty() || option.get().number() == NbdProtocol.OPT_EXPORT_NAME) {
                return false;
            }
            int number = option.get().number();
            if (number == NbdProtocol.OPT_ABORT) {
                replies.acknowledge(number);
                return false;
            } else if (number != NbdProtocol.OPT_STARTTLS) {
                replies.refuse(number, NbdProtocol.REP_ERR_TLS_REQD, "this server speaks TLS only: start TLS first");
            } else if (option.get().data().hasRemaining()) {
                replies.refuse(number, NbdProtocol.REP_ERR_INVALID, "STARTTLS has no data");
            } else {
                return acknowledged();
            }
        }
        return false;
    }

    /** What came before our word that TLS begins was sent by somebody on the path, to be taken for what TLS protects. */
    private boolean acknowledged() throws IOException {
        if (inlet.holds(1)) {
            return false;
        }
        replies.acknowledge(NbdProtocol.OPT_STARTTLS);
        return true;
    }
}
