package io.godwit.volume.nbd;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/** Where a server's clients come in. */
sealed interface NbdListener permits UnixListener, TcpListener {
    /** The next client; fails when the listener has been closed. */
    SocketChannel accept() throws IOException;

    /** What its clients' connections have to be protected with. */
    Optional<NbdTls> tls();

    void close() throws IOException;
}
