package io.godwit.lab.client;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** As much of Redis as the client uses, with the faults that the client must notice. */
final class FakeRedis implements Closeable {
    final Map<String, String> content = new ConcurrentHashMap<>();
    final AtomicInteger connections = new AtomicInteger();

    /** Connections are closed instead of answering, this many times. */
    final AtomicInteger breaks = new AtomicInteger();

    /** Writes are acknowledged and forgotten, this many. */
    final AtomicInteger forgotten = new AtomicInteger();

    /** Writes are refused, this many. */
    final AtomicInteger refusals = new AtomicInteger();

    private final ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());

    FakeRedis() throws IOException {
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            for (List<String> words = words(in); !words.isEmpty(); words = words(in)) {
                if (taken(breaks)) {
                    return;
                }
                socket.getOutputStream().write(answer(words).getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException clientGone) {
            // Clients may go.
        }
    }

    private static List<String> words(BufferedReader in) throws IOException {
        List<String> words = new ArrayList<>();
        String count = in.readLine();
        for (int word = count == null ? 0 : Integer.parseInt(count.substring(1)); word > 0; word--) {
            in.readLine();
            words.add(String.valueOf(in.readLine()));
        }
        return words;
    }

    private String answer(List<String> words) {
        String key = words.get(1);
        if (words.getFirst().equals("GET")) {
            return bulk(content.getOrDefault(key, ""));
        }
        if (taken(refusals)) {
            return "-OOM command not allowed\r\n";
        }
        String before = content.getOrDefault(key, "");
        if (!taken(forgotten)) {
            content.put(key, words.get(2));
        }
        return bulk(before);
    }

    private static String bulk(String value) {
        return value.isEmpty() ? "$-1\r\n" : "$" + value.length() + "\r\n" + value + "\r\n";
    }

    private static boolean taken(AtomicInteger budget) {
        return budget.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
