package io.godwit.volume.nbd;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.io.IOException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * TLS for NBD over TCP, by the JDK: both ends show certificates, and the client's must be from our authority. The files
 * are read anew for each client, so that new ones count at once; no session is ever resumed.
 */
public final class NbdTls {
    /** The protocol demands 1.2 of every server that has TLS; all that is in use today takes 1.3. */
    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    private final TlsFiles files;

    /** @throws GodwitException if the certificates there can't be used, or others may read the key */
    public NbdTls(Path directory) {
        this.files = new TlsFiles(directory);
        context();
    }

    /** Makes the connection a protected one, as the server. It must be closed if this fails. */
    TlsChannel accept(SocketChannel client) throws IOException {
        Socket raw = client.socket();
        SSLSocket socket = (SSLSocket) context()
                .getSocketFactory()
                .createSocket(raw, raw.getInetAddress().getHostAddress(), raw.getPort(), false);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(VERSIONS);
        parameters.setCipherSuites(Arrays.stream(parameters.getCipherSuites())
                .filter(NbdTls::strong)
                .toArray(String[]::new));
        parameters.setNeedClientAuth(true);
        socket.setUseClientMode(false);
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return new TlsChannel(socket);
    }

    /** Those of TLS 1.3 all are; of the older ones those that forget their keys and authenticate what they encrypt. */
    private static boolean strong(String suite) {
        return !suite.contains("_WITH_")
                || (suite.startsWith("TLS_ECDHE_") && (suite.contains("_GCM_") || suite.contains("_CHACHA20_")));
    }

    private SSLContext context() {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(files.key(), TlsFiles.NO_PASSWORD);
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(files.authority());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException unusable) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "the certificates in %s cannot be used: %s".formatted(files.directory(), unusable.getMessage()),
                    unusable);
        }
    }
}
