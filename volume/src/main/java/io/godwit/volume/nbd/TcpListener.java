package io.godwit.volume.nbd;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/** A TCP port for clients with TLS. */
final class TcpListener implements NbdListener {
    private final ServerSocketChannel listener;
    private final NbdTls security;

    private TcpListener(ServerSocketChannel listener, NbdTls security) {
        this.listener = listener;
        this.security = security;
    }

    /** @throws GodwitException CONFLICT if one can't listen there */
    static TcpListener on(InetSocketAddress address, NbdTls security) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        try {
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listener.bind(address);
            return new TcpListener(listener, security);
        } catch (IOException | RuntimeException failed) {
            listener.close();
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "NBD cannot be offered on %s: %s".formatted(address, failed.getMessage()),
                    failed);
        }
    }

    @Override
    public SocketChannel accept() throws IOException {
        SocketChannel client = listener.accept();
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        client.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        return client;
    }

    @Override
    public Optional<NbdTls> tls() {
        return Optional.of(security);
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) listener.getLocalAddress();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    @Override
    public String toString() {
        try {
            return String.valueOf(listener.getLocalAddress());
        } catch (IOException closed) {
            return "a closed port";
        }
    }
}
