package io.godwit.link;

import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a site listens: a host name or IP address, and a TCP port. Text form {@code host:port}, {@code [v6]:port}. */
public record PeerAddress(String host, int port) {
    private static final Pattern TEXT =
            Pattern.compile("(?:\\[([0-9a-fA-F:.%a-z]{2,64})]|([A-Za-z0-9._-]{1,253})):(\\d{1,5})");

    public PeerAddress {
        if (port < 1 || port > 65_535 || host.isEmpty()) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT, "'%s' port %d is not an address of a site".formatted(host, port));
        }
    }

    public static PeerAddress parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new GodwitException(
                    ErrorCode.BAD_INPUT,
                    "'%s' is not an address of a site: write host:port, such as 192.0.2.7:7443".formatted(text));
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        return new PeerAddress(host, Integer.parseInt(matcher.group(3)));
    }

    /** Looks the name up anew; the result is unresolved if there is no such host. */
    public InetSocketAddress resolve() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
