package io.godwit.link;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * TLS 1.3 by the JDK, both ends with certificates. Each connection has a context of its own, so no session is ever
 * resumed and every connection proves both identities anew. The socket below is closed by its owner, not by TLS.
 */
final class Tls {
    private static final String[] PROTOCOLS = {"TLSv1.3"};

    private Tls() {}

    static SSLSocket client(Socket raw, String calledName, Credentials own, CertificateCheck check) throws IOException {
        SSLSocket socket = over(raw, new OneKey(() -> Optional.of(own)), check);
        SSLParameters parameters = parameters(socket);
        parameters.setServerNames(List.of(new SNIHostName(calledName)));
        socket.setSSLParameters(parameters);
        socket.setUseClientMode(true);
        return socket;
    }

    static SSLSocket server(Socket raw, IncomingCall call) throws IOException {
        SSLSocket socket = over(raw, new OneKey(call::credentials), call::check);
        SSLParameters parameters = parameters(socket);
        parameters.setSNIMatchers(List.of(call.matcher()));
        parameters.setNeedClientAuth(true);
        socket.setUseClientMode(false);
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static SSLSocket over(Socket raw, KeyManager keys, CertificateCheck check) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(new KeyManager[] {keys}, new TrustManager[] {check.asTrustManager()}, null);
            String host = raw.getInetAddress().getHostAddress();
            return (SSLSocket) context.getSocketFactory().createSocket(raw, host, raw.getPort(), false);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no TLS 1.3", missing);
        }
    }

    private static SSLParameters parameters(SSLSocket socket) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        return parameters;
    }
}
