package io.godwit.site.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.godwit.api.SiteStatus;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.volume.StoreStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Answers {@code GET /metrics} on a loopback address. Nothing is counted for it beforehand: a page is made from the state
 * at the moment it is asked for, one at a time.
 */
public final class MetricsServer implements AutoCloseable {
    private static final int WAITING_CONNECTIONS = 8;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int INTERNAL_ERROR = 500;

    private final HttpServer server;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("metrics").factory());

    /**
     * Listens from now on.
     *
     * @throws GodwitException CONFLICT if the address is taken
     */
    public MetricsServer(
            InetSocketAddress address, Supplier<SiteStatus> site, Supplier<Map<GroupName, StoreStatus>> stores) {
        try {
            server = HttpServer.create(address, WAITING_CONNECTIONS);
        } catch (IOException taken) {
            throw new GodwitException(
                    ErrorCode.CONFLICT,
                    "metrics cannot be offered at %s: %s".formatted(address, taken.getMessage()),
                    taken);
        }
        server.createContext("/", exchange -> answer(exchange, site, stores));
        server.setExecutor(thread);
        server.start();
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    private static void answer(
            HttpExchange exchange, Supplier<SiteStatus> site, Supplier<Map<GroupName, StoreStatus>> stores)
            throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals("/metrics")) {
                send(exchange, NOT_FOUND, "there is only /metrics here\n");
            } else if (!exchange.getRequestMethod().equals("GET")) {
                send(exchange, NOT_ALLOWED, "metrics are only read\n");
            } else {
                exchange.getResponseHeaders().set("Content-Type", Exposition.CONTENT_TYPE);
                send(exchange, OK, SitePage.of(site.get(), stores.get()));
            }
        } catch (RuntimeException failed) {
            System.getLogger(MetricsServer.class.getName())
                    .log(System.Logger.Level.ERROR, "metrics could not be gathered", failed);
            send(exchange, INTERNAL_ERROR, "metrics could not be gathered: the site's log says why\n");
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        thread.shutdownNow();
    }
}
