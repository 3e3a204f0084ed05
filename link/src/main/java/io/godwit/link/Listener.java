package io.godwit.link;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** A listening TCP socket whose connections count what they carry. */
final class Listener extends ServerSocket {
    /**
     * Connections that the kernel takes before the daemon does. While a daemon stands still, they are what says that its host is there, and peers dial
     * about three times a second; with 64, the kernel fell silent after 20 s, and such a host was taken for lost. The kernel has a limit of its own,
     * usually 4,096.
     */
    private static final int BACKLOG = 2_048;

    private Listener() throws IOException {}

    static Listener at(InetSocketAddress address) throws IOException {
        Listener listener = new Listener();
        try {
            listener.bind(address, BACKLOG);
            return listener;
        } catch (BindException unavailable) {
            listener.close();
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "cannot listen at %s (%s): does another program use that port, or is it no address of this machine?"
                            .formatted(address, unavailable.getMessage()),
                    unavailable);
        }
    }

    @Override
    public CountedSocket accept() throws IOException {
        CountedSocket connection = new CountedSocket();
        implAccept(connection);
        return connection;
    }
}
